using System.Text.RegularExpressions;

namespace DefectNotifier.Worker.Settings;

/// <summary>
/// Hides what looks like a secret in a text for people. Errors quote values and names of the settings, and a secret may have been pasted
/// into any of them.
/// </summary>
internal static partial class SecretMask
{
    private const string Mask = "[secret]";

    // A shorter text is hardly ever a secret, and often a word.
    private const int MinLength = 16;
    private const int MinHexLength = 24;

    // "/x", "/v1/"; and "/services/...", which only our own messages contain.
    private const int MaxPlainPath = 5;

    public static string Hide(string text) => Candidate().Replace(text, match =>
        match.Groups["address"].Success ? HideAddress(match)
        : match.Groups["token"].Success || IsRandom(match.ValueSpan) ? Mask
        : match.Value);

    /// <summary>True for a name that must not be shown.</summary>
    public static bool IsNeeded(string text) => Hide(text) != text;

    private static string HideAddress(Match match)
    {
        var (host, rest) = (match.Groups["host"].Value, match.Groups["rest"].Value);
        var isPlain = !host.Contains('@') && (rest.EndsWith("...", StringComparison.Ordinal)
            || (rest.Length <= MaxPlainPath && rest.AsSpan().IndexOfAny('?', '#') < 0));
        return isPlain ? match.Value : $"{match.Groups["scheme"].Value}{Hide(host[(host.LastIndexOf('@') + 1)..])}/{Mask}";
    }

    // Hexadecimal digits, or many changes between digits, capital and small letters. Words have few changes, even with a year in them. A
    // dash or underscore, as in a GUID, does not count.
    private static bool IsRandom(ReadOnlySpan<char> run)
    {
        var (length, changes, digits, isHex, last) = (0, 0, 0, true, '\0');
        foreach (var letter in run)
        {
            if (!char.IsAsciiLetterOrDigit(letter)) continue;
            if (length > 0 && KindOf(letter) != KindOf(last)) changes++;
            if (char.IsAsciiDigit(letter)) digits++;
            isHex &= char.IsAsciiHexDigit(letter);
            (length, last) = (length + 1, letter);
        }

        return digits > 0 && digits < length
            && ((isHex && length >= MinHexLength) || (length >= MinLength && changes * 5 >= length * 2));
    }

    private static int KindOf(char letter) => char.IsAsciiDigit(letter) ? 0 : char.IsAsciiLetterUpper(letter) ? 1 : 2;

    // An address; a token of Slack; the signature of a Workflows URL; the last part of an incoming webhook; any other run of letters and
    // digits, which may contain dashes and underscores.
    [GeneratedRegex(
        """
        (?<address>(?<scheme>\b[a-z][a-z0-9+.-]{0,20}://)(?<host>[^\s/?#'")]*)(?<rest>[^\s'")]*))
        |(?<token>\bxox[a-z]{0,8}[-.][a-z0-9][^\s'":,;)]*|\bxapp-[a-z0-9][^\s'":,;)]*|(?<=\bsig=)[^\s'"&]+
          |(?<=(?-i:\bT[A-Z0-9]{1,20}/B[A-Z0-9]{1,20}/))[a-z0-9]+)
        |[a-z0-9][a-z0-9_-]{15,}
        """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace,
        1000)]
    private static partial Regex Candidate();
}
