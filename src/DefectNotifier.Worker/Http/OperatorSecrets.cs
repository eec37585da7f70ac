using System.Security.Cryptography;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Http;

/// <summary>The secrets that operators send, and what each of them allows.</summary>
internal sealed class OperatorSecrets(NotifierSettings settings)
{
    private readonly (byte[] Digest, Operator Operator)[] _all =
    [
        .. settings.OperationsSecrets.Select(secret => (SecretCheck.Digest(secret.Reveal()), Operator.Unnamed)),
        .. settings.OperationsAccess.Select(one => (SecretCheck.Digest(one.Secret.Reveal()), new Operator(one.Name, one.May))),
    ];

    public bool IsEmpty => _all.Length == 0;

    /// <summary>The operator with this secret; null: there is none. All secrets are compared in every case.</summary>
    public Operator? Find(string secret) => Find(SecretCheck.Digest(secret));

    /// <summary>The operator whose secret has this digest (see <see cref="SecretCheck.Digest"/>).</summary>
    public Operator? Find(byte[] digest) => Find(known => CryptographicOperations.FixedTimeEquals(known, digest));

    /// <summary>The operator with a secret whose digest fits.</summary>
    public Operator? Find(Func<byte[], bool> fits)
    {
        Operator? found = null;
        foreach (var (known, one) in _all)
            if (fits(known)) found = one;
        return found;
    }
}

/// <summary>Who sends a request.</summary>
/// <param name="Name">The name in <c>Operations:Access</c>; null for a secret without a name, or where none is needed.</param>
/// <param name="May">What is allowed.</param>
internal sealed record Operator(string? Name, Permissions May)
{
    /// <summary>Anyone with one of <c>Operations:Secrets</c>, or on loopback where no secret is set.</summary>
    public static Operator Unnamed { get; } = new(Name: null, Permissions.All);

    /// <summary>The operator's name in a log line.</summary>
    public string Title => Name is null ? "Operator" : $"Operator {Name}";
}
