using System.Text;
using System.Text.RegularExpressions;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace DefectNotifier.Rendering.Templates;

/// <summary>
/// The helpers <c>regex.match</c>, <c>regex.matches</c>, <c>regex.replace</c> and <c>regex.split</c>, as Scriban defines them. Scriban's
/// own check their limits for one match and not for all of them: a pattern with many groups on a long text takes gigabytes.
/// </summary>
internal static class RegexHelpers
{
    /// <summary>Reading a pattern has no time limit.</summary>
    private const int MaxPattern = 1_000;

    /// <summary>In UTF-16 units: what the references in a replacement (<c>$1</c>, <c>$_</c>) may write for one match.</summary>
    private const long MaxReplaced = 5_000_000;

    public static IEnumerable<TemplateFunction> All =>
    [
        new("match", 2, ["text", "pattern", "options"], (context, span, arguments) =>
            Matches(context, span, arguments).Select(GroupsOf).FirstOrDefault() ?? new ScriptArray()),
        new("matches", 2, ["text", "pattern", "options"], (context, span, arguments) =>
            new ScriptArray(Matches(context, span, arguments).Select(GroupsOf))),
        new("replace", 3, ["text", "pattern", "replace", "options"], Replace),
        new("split", 2, ["text", "pattern", "options"], Split),
    ];

    private static IEnumerable<Match> Matches(TokenContext context, SourceSpan span, ScriptArray arguments, int optionsAt = 2)
    {
        var pattern = TextOf(context, arguments, 1);
        if (pattern.Length > MaxPattern) throw new ScriptRuntimeException(span, $"The pattern is longer than {MaxPattern} characters.");
        var options = RegexOptions.None;
        foreach (var letter in TextOf(context, arguments, optionsAt))
        {
            options |= letter switch
            {
                'i' => RegexOptions.IgnoreCase,
                'm' => RegexOptions.Multiline,
                's' => RegexOptions.Singleline,
                'x' => RegexOptions.IgnorePatternWhitespace,
                _ => RegexOptions.None,
            };
        }

        for (var match = Regex.Match(TextOf(context, arguments, 0), pattern, options, context.RegexTimeOut);
            match.Success;
            match = match.NextMatch())
        {
            context.CheckResources(span);
            yield return match;
        }
    }

    private static ScriptArray GroupsOf(Match match) => new(match.Groups.Values.Select(group => group.Value));

    private static string Replace(TokenContext context, SourceSpan span, ScriptArray arguments)
    {
        var (text, replacement) = (TextOf(context, arguments, 0), TextOf(context, arguments, 2));
        // Each reference may write the whole text.
        if ((long)replacement.AsSpan().Count('$') * text.Length > MaxReplaced)
            throw new ScriptRuntimeException(span, "The replacement has too many references ($) for a text of this length.");
        var replaced = new StringBuilder();
        var at = 0;
        foreach (var match in Matches(context, span, arguments, optionsAt: 3))
        {
            replaced.Append(text, at, match.Index - at).Append(match.Result(replacement));
            at = match.Index + match.Length;
        }

        return replaced.Append(text, at, text.Length - at).ToString();
    }

    // Groups in the pattern are parts of the result.
    private static ScriptArray Split(TokenContext context, SourceSpan span, ScriptArray arguments)
    {
        var text = TextOf(context, arguments, 0);
        var parts = new ScriptArray();
        var at = 0;
        foreach (var match in Matches(context, span, arguments))
        {
            parts.Add(text[at..match.Index]);
            foreach (var group in match.Groups.Values.Skip(1).Where(group => group.Success)) parts.Add(group.Value);
            at = match.Index + match.Length;
        }

        parts.Add(text[at..]);
        return parts;
    }

    private static string TextOf(TokenContext context, ScriptArray arguments, int index) =>
        index < arguments.Count ? context.ObjectToString(arguments[index]) ?? "" : "";
}
