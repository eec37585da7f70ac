using System.Globalization;
using System.Text;

namespace DefectNotifier.Chat.Http;

/// <summary>
/// Makes a server's text safe for logs and history: no control characters, not the destination's URL or token (a server may echo them), and
/// a limited length.
/// </summary>
internal sealed class DetailScrubber
{
    /// <summary>The maximum length of a detail, in UTF-16 units.</summary>
    public const int MaxLength = 300;

    private const string Mask = "[secret]";

    // Shorter parts of a URL are ordinary words such as "v1", which responses use too.
    private const int MinSecretLength = 8;

    private readonly string[] _secrets;

    /// <param name="address">The destination's URL; every part of it that could be secret is masked.</param>
    /// <param name="texts">Further secrets, for example the token.</param>
    public DetailScrubber(Uri address, params IEnumerable<string> texts) =>
        _secrets = [.. texts
            .Concat(PartsOf(address))
            .SelectMany(secret => new[] { secret, Uri.EscapeDataString(secret), Uri.UnescapeDataString(secret) })
            .Where(secret => secret.Length > 0)
            .Distinct(StringComparer.Ordinal)
            .OrderByDescending(secret => secret.Length)];

    /// <summary>Joins the parts that are not blank with <c>; </c>; null when all are blank.</summary>
    public string? Join(params IEnumerable<string?> parts)
    {
        var text = string.Join("; ", parts.Where(part => !string.IsNullOrWhiteSpace(part)));
        return text.Length == 0 ? null : Clean(text, MaxLength);
    }

    /// <summary>One part, cut to a length. It is cut last, because half a secret is still a secret.</summary>
    public string? Clean(string? text, int maxLength)
    {
        if (text is null)
            return null;

        var clean = WithoutControls(text);
        foreach (var secret in _secrets)
            clean = clean.Replace(secret, Mask, StringComparison.OrdinalIgnoreCase);

        return Cut(clean.Trim(), maxLength);
    }

    private static IEnumerable<string> PartsOf(Uri address)
    {
        yield return address.OriginalString;
        yield return address.AbsoluteUri;
        var parts = new List<string> { address.PathAndQuery, address.AbsolutePath, address.Query };
        parts.AddRange(address.AbsolutePath.Split('/').Where(LooksSecret));
        parts.AddRange(address.Query.TrimStart('?').Split('&').Select(ValueOf));
        foreach (var part in parts.Where(part => part.Length >= MinSecretLength))
            yield return part;
    }

    private static string ValueOf(string pair) => pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..];

    // Path segments are often plain words ("services", "triggers"); a secret segment is long or contains a digit.
    private static bool LooksSecret(string part) => part.Length >= 2 * MinSecretLength || part.Any(char.IsAsciiDigit);

    private static string WithoutControls(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.Control when Rune.IsWhiteSpace(rune):
                case UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator:
                    clean.Append(' ');
                    break;
                case UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse:
                    break;
                default:
                    clean.Append(rune);
                    break;
            }
        }

        return clean.ToString();
    }

    private static string Cut(string text, int maxLength)
    {
        if (text.Length <= maxLength)
            return text;

        var end = maxLength - 1;
        if (char.IsHighSurrogate(text[end - 1]))
            end--;

        return string.Concat(text.AsSpan(0, end), "…");
    }
}
