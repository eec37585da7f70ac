using System.Text.RegularExpressions;

namespace DefectNotifier.Rendering.Templates;

/// <summary>
/// Recognises date formats of other languages (<c>%d.%m.%Y</c>, <c>YYYY-MM-DD</c>) and confused letters (<c>HH:MM</c>), which .NET
/// accepts and shows as something else.
/// </summary>
internal static partial class DateFormats
{
    private static readonly Dictionary<char, string> Percent = new()
    {
        ['Y'] = "yyyy",
        ['y'] = "yy",
        ['m'] = "MM",
        ['d'] = "dd",
        ['e'] = "d",
        ['H'] = "HH",
        ['I'] = "hh",
        ['M'] = "mm",
        ['S'] = "ss",
        ['p'] = "tt",
        ['b'] = "MMM",
        ['B'] = "MMMM",
        ['a'] = "ddd",
        ['A'] = "dddd",
        ['z'] = "zzz",
        ['Z'] = "zzz",
        ['F'] = "yyyy-MM-dd",
        ['T'] = "HH:mm:ss",
        ['R'] = "HH:mm",
    };

    /// <summary>The format that was probably meant; null when the format is probably right.</summary>
    public static string? Fix(string format)
    {
        // One letter is the name of a standard format, and a percent sign makes a format of one letter.
        if (format.Length < 3) return null;
        var fixedFormat = PercentLetter().Replace(format, match => Percent.GetValueOrDefault(match.Value[1], match.Value));
        fixedFormat = Confused().Replace(fixedFormat, match =>
            match.Groups["quoted"].Success ? match.Value
            : match.Groups["month"].Success ? match.Value.ToUpperInvariant()
            : match.Value.ToLowerInvariant());
        // hh runs to 12 only, so it needs AM or PM.
        if (!fixedFormat.Contains('t', StringComparison.Ordinal))
        {
            fixedFormat = Hour().Replace(
                fixedFormat, match => match.Groups["quoted"].Success ? match.Value : match.Value.ToUpperInvariant());
        }

        return fixedFormat == format ? null : fixedFormat;
    }

    [GeneratedRegex("%[A-Za-z]", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex PercentLetter();

    [GeneratedRegex(
        """(?<quoted>'[^']*'|"[^"]*"|\\.)|(?<month>(?<=[YyDd][-./ ])mm?|mm?(?=[-./ ][YyDd]))|(?<=[Hh]{1,2}[:.])MM?(?!M)|[YD]+|SS""",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Confused();

    [GeneratedRegex("""(?<quoted>'[^']*'|"[^"]*"|\\.)|h+""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Hour();
}
