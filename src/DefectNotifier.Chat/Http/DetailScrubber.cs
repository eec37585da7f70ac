using System.Globalization;
using System.Text;

namespace DefectNotifier.Chat.Http;

/// <summary>
/// Makes a server's words fit for logs and history: without control characters, without the destination's own address and token (anybody's server
/// may echo them), and short.
/// </summary>
internal sealed class DetailScrubber
{
    /// <summary>The longest detail, in UTF-16 units.</summary>
    public const int MaxLength = 300;

    private const string Mask = "[secret]";

    // Shorter parts of an address are words like "v1", which answers use for themselves.
    private const int ShortestPart = 8;

    private readonly string[] _secrets;

    /// <param name="address">The address that is sent to, with everything in it that could be the secret part.</param>
    /// <param name="texts">Other secrets as they are, for example the token.</param>
    public DetailScrubber(Uri address, params IEnumerable<string> texts) =>
        _secrets = [.. texts
            .Concat(PartsOf(address))
            .SelectMany(secret => new[] { secret, Uri.EscapeDataString(secret), Uri.UnescapeDataString(secret) })
            .Where(secret => secret.Length > 0)
            .Distinct(StringComparer.Ordinal)
            .OrderByDescending(secret => secret.Length)];

    /// <summary>The parts that are there, each on its own, joined with <c>; </c>; null when there is none.</summary>
    public string? Join(params IEnumerable<string?> parts)
    {
        var text = string.Join("; ", parts.Where(part => !string.IsNullOrWhiteSpace(part)));
        return text.Length == 0 ? null : Clean(text, MaxLength);
    }

    /// <summary>One part, cut to a length. Cutting comes last: half a secret is one too.</summary>
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
        foreach (var part in parts.Where(part => part.Length >= ShortestPart))
            yield return part;
    }

    private static string ValueOf(string pair) => pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..];

    // Steps of a path are often plain words ("services", "triggers"); what is secret among them is long or has a digit.
    private static bool LooksSecret(string part) => part.Length >= 2 * ShortestPart || part.Any(char.IsAsciiDigit);

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
