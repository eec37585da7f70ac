using System.Security.Cryptography;
using System.Text;
using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Worker;

/// <summary>Compares what a sender says with the accepted secrets, in a time that tells nothing of them.</summary>
internal sealed class SecretCheck(IReadOnlyList<Secret> accepted)
{
    // Digests have one length, so not even the secrets' lengths show.
    private readonly byte[][] _accepted = [.. accepted.Select(secret => Digest(secret.Reveal()))];

    /// <summary>True when no secret is configured, or one of them was sent. Every one is compared, found or not.</summary>
    public bool Passes(string? sent)
    {
        if (_accepted.Length == 0) return true;
        var digest = Digest(sent ?? "");
        var isFound = false;
        foreach (var secret in _accepted) isFound |= CryptographicOperations.FixedTimeEquals(secret, digest);
        return isFound && sent is not null;
    }

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
