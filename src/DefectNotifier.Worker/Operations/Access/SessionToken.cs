using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace DefectNotifier.Worker.Operations.Access;

/// <summary>
/// What a browser sends in place of a secret after its login. Only the browser has it: what is stored about the session is made with
/// one-way functions of it, so that who reads the store can neither use a session nor test guesses of a secret.
/// </summary>
/// <param name="Text">As it is in the cookie.</param>
internal sealed record SessionToken(string Text)
{
    private const int Bytes = 32;

    public string Hash => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));

    public static SessionToken Create() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes)));

    /// <summary>Identifies the secret that has this digest: the session is valid as long as that secret is accepted.</summary>
    public string FingerprintOf(byte[] secretDigest) =>
        Convert.ToHexString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Text), secretDigest));

    /// <summary>True when the login was made with the secret that has this digest.</summary>
    public bool Matches(byte[] secretDigest, string fingerprint) => CryptographicOperations.FixedTimeEquals(
        Encoding.ASCII.GetBytes(FingerprintOf(secretDigest)), Encoding.ASCII.GetBytes(fingerprint));

    /// <summary>Contains no secret.</summary>
    public override string ToString() => nameof(SessionToken);
}
