using System.Text.RegularExpressions;
using DefectNotifier.Rendering.Values;
using Scriban.Parsing;

namespace DefectNotifier.Rendering.Templates;

/// <summary>
/// Finds markup of another language in the author's text, which would be shown as text: Slack's outside of its own JSON, and the bindings
/// of the card designer.
/// </summary>
internal static partial class ForeignMarkup
{
    public static IEnumerable<TemplateIssue> Inspect(TemplateSource source)
    {
        var platform = ChatPlatforms.Parse(source.Folder.Split('/')[^1]);
        if (platform == ChatPlatform.Slack) yield break;
        var text = WithoutCode(source);
        foreach (Match match in SlackMarkup().Matches(text))
        {
            if (IsInCode(text, match.Index)) continue;
            var written = Graphemes.Truncate(source.Code.Substring(match.Index, match.Length), 60);
            var way = match.Groups["link"].Success
                ? "Write [text](address) for a link."
                : "Write {{ mention 'name' }} with a name from Templates:Mentions.";
            yield return source.IssueAt(
                match.Index, TemplateIssueKind.ForeignMarkup, $"'{written}' is Slack's own markup and would be shown as text. {way}");
        }

        if (platform != ChatPlatform.Teams) yield break;
        foreach (Match match in Binding().Matches(text))
        {
            yield return source.IssueAt(
                match.Index,
                TemplateIssueKind.ForeignMarkup,
                $"'{Graphemes.Truncate(match.Value, 60)}' is a binding of the card designer and would be shown as text. "
                + "Write a value, such as {{ defect.title }}.");
        }
    }

    // An author may describe markup in `code` or between ``` lines.
    private static bool IsInCode(string text, int at)
    {
        var before = text.AsSpan(0, at);
        return before[(before.LastIndexOf('\n') + 1)..].Count('`') % 2 == 1 || Fence().Count(before) % 2 == 1;
    }

    // The text of the same length, with x in place of each tag.
    private static string WithoutCode(TemplateSource source)
    {
        var code = source.Code;
        var text = new char[code.Length];
        Array.Fill(text, 'x');
        foreach (var token in new Lexer(code, source.Name, LexerOptions.Default))
        {
            if (token.Type != TokenType.Raw) continue;
            var from = token.Start.Offset;
            code.CopyTo(from, text, from, Math.Min(code.Length, token.End.Offset + 1) - from);
        }

        return new string(text);
    }

    [GeneratedRegex(
        @"<(!(here|channel|everyone|subteam|date)\b[^<>\n]*|[@#][A-Za-z0-9]+[^<>\n]*|(?<link>[^<>\s|]+\|[^<>\n]+))>",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000)]
    private static partial Regex SlackMarkup();

    [GeneratedRegex("^ *```", RegexOptions.Multiline, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Fence();

    [GeneratedRegex(@"\$\{[^{}\r\n]+\}", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Binding();
}
