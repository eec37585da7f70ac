using System.Security.Cryptography;
using System.Text;

namespace DefectNotifier.Chat.Http;

/// <summary>
/// The key under which a rate limit is stored and shown. It contains a hash of the token or webhook URL, so destinations with the same
/// secret share a limit and the secret itself is not revealed.
/// </summary>
internal static class RateLimitKey
{
    /// <param name="type">The destination type.</param>
    /// <param name="secret">The token or URL: long and random, so its hash reveals nothing.</param>
    /// <param name="scope">What the limit covers within it, for example a channel or an API method; null: everything.</param>
    public static string Of(string type, string secret, string? scope = null)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)))[..16];
        return scope is null ? $"{type}:{hash}" : $"{type}:{hash}:{scope}";
    }
}
