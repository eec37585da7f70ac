using System.Security.Cryptography;
using System.Text;
using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Worker.Http;

/// <summary>Compares a sent secret with the accepted ones in constant time.</summary>
internal sealed class SecretCheck(IReadOnlyList<Secret> accepted)
{
    // Digests have the same length, so the comparison does not reveal the length of a secret either.
    private readonly byte[][] _accepted = [.. accepted.Select(secret => Digest(secret.Reveal()))];

    /// <summary>True when no secret is configured, or one of them was sent.</summary>
    public bool Passes(string? sent) => _accepted.Length == 0 || Contains(sent);

    /// <summary>True when one of the secrets was sent. All of them are compared in every case.</summary>
    public bool Contains(string? sent)
    {
        if (sent is null) return false;
        var digest = Digest(sent);
        var isFound = false;
        foreach (var secret in _accepted) isFound |= CryptographicOperations.FixedTimeEquals(secret, digest);
        return isFound;
    }

    public static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
