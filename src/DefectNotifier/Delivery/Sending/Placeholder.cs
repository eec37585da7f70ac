using System.Text.RegularExpressions;

namespace DefectNotifier.Delivery.Sending;

/// <summary>
/// Recognizes a text that is not a real secret: an example, a variable that was not replaced, a comment. Such texts are publicly known,
/// so they protect nothing.
/// </summary>
public static partial class Placeholder
{
    /// <summary>What is wrong, as a text after the setting's name; null for a text that may be a secret. Never contains the text.</summary>
    public static string? ProblemOf(string text) =>
        Variable().IsMatch(text) ? "is a placeholder that was not replaced"
        : Quoted().IsMatch(text) ? "has quotation marks around it"
        : Comment().IsMatch(text) ? "contains a comment"
        : Reference().IsMatch(text) ? "is the address of a secret and not the secret itself"
        : Example().IsMatch(text) ? "is an example value"
        : null;

    // ${X}, $(X), {{ X }}, %{X}; the whole text: $X, $env:X, %X%, <X>, [X], {X}, #{X}#, __X__, @X@.
    [GeneratedRegex(
        @"\$\{.{0,99}\}|\$\(.{0,99}\)|\{\{.{0,99}\}\}|%\{.{0,99}\}|^\$(env:)?[\w.-]+$|^%\w+%$|^<.*>$|^\[.*\]$"
        + @"|^#?\{.*\}#?$|^__\w+__$|^@\w+@$",
        Options | RegexOptions.Singleline,
        MaxMilliseconds)]
    private static partial Regex Variable();

    [GeneratedRegex("""^["'`“”‘’«»].*["'`“”‘’«»]$""", Options | RegexOptions.Singleline, MaxMilliseconds)]
    private static partial Regex Quoted();

    // A # or // is a comment only with a blank: a secret may begin with either.
    [GeneratedRegex(@"^(#|//).*\s|\s(#|//)|^<!--", Options | RegexOptions.Singleline, MaxMilliseconds)]
    private static partial Regex Comment();

    // Of the usual secret stores, and the path of a mounted secret.
    [GeneratedRegex(
        @"://|^/(run|var/run|etc)/|^@Microsoft\.KeyVault|^arn:|^(vault|env|file|secretref|ssm|op|ref):|^!\w+\s",
        Options,
        MaxMilliseconds)]
    private static partial Regex Reference();

    [GeneratedRegex(
        @"(change|replace)[-_ ]?(me|it|this|with)|(?<![a-z])your[-_ ]?[a-z]|placeholder|(?<![a-z])example|(?<![a-z])insert[-_ ]"
        + @"|(secret|token|password|key|value)[-_ ]?here|(?<![a-z0-9])x{3,}(?![a-z0-9])|\*{3}|\.{3}|…"
        + "|(?<![a-z0-9])(todo|fixme|tbd)(?![a-z0-9])",
        Options,
        MaxMilliseconds)]
    private static partial Regex Example();

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
    private const int MaxMilliseconds = 1000;
}
