using System.Security.Cryptography;
using System.Text;

namespace DefectNotifier.Chat;

/// <summary>Names a place in a chat by what is secret about it, without giving it away: limits are kept and shown under these names.</summary>
internal static class PlaceKey
{
    /// <param name="type">The destination's type.</param>
    /// <param name="secret">The token or the address: long random text, of which a digest says nothing.</param>
    /// <param name="place">What within it is meant; null: all of it.</param>
    public static string Of(string type, string secret, string? place = null)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)))[..16];
        return place is null ? $"{type}:{digest}" : $"{type}:{digest}:{place}";
    }
}
