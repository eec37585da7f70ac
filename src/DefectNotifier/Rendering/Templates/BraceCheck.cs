using System.Text.RegularExpressions;
using DefectNotifier.Rendering.Values;
using Scriban.Parsing;

namespace DefectNotifier.Rendering.Templates;

/// <summary>Finds unclosed tags and stray braces, which Scriban accepts without an error.</summary>
internal static partial class BraceCheck
{
    /// <summary>JSON often contains two closing braces in a row, so only unclosed tags are searched for in JSON.</summary>
    public static IEnumerable<TemplateIssue> Inspect(TemplateSource source)
    {
        Token? open = null;
        var last = default(Token);
        foreach (var token in new Lexer(source.Code, source.Name, LexerOptions.Default))
        {
            if (token.Type == TokenType.CodeEnter)
            {
                open = token;
            }
            else if (token.Type == TokenType.CodeExit)
            {
                open = null;
            }
            else if (open is { } unclosed && IsNextTag(last, token))
            {
                var line = source.LocationOf(token.Start.Offset).Line;
                yield return Unclosed(source, unclosed, $"the next tag begins in line {line}");
                yield break;
            }
            else if (token.Type == TokenType.Raw && !source.IsJson)
            {
                foreach (var issue in InspectText(source, token)) yield return issue;
            }

            last = token;
        }

        if (open is { } atEnd) yield return Unclosed(source, atEnd, "the file ends");
    }

    // No expression begins with two opening braces, so inside a tag they are the next tag.
    private static bool IsNextTag(Token last, Token token) =>
        token.Type == TokenType.OpenBrace && last.Type == TokenType.OpenBrace && last.End.Offset + 1 == token.Start.Offset;

    private static TemplateIssue Unclosed(TemplateSource source, Token open, string next) => source.IssueAt(
        open.Start.Offset, TemplateIssueKind.UnclosedTag, $"This {{{{ is not closed before {next}. Close it with }}}}.");

    private static IEnumerable<TemplateIssue> InspectText(TemplateSource source, Token raw)
    {
        var code = source.Code;
        var text = code[raw.Start.Offset..Math.Min(code.Length, raw.End.Offset + 1)];
        foreach (Match match in StrayBrace().Matches(text))
        {
            var message = match.Value == "}}"
                ? "This }} has no matching {{ and would be shown as text. To show it on purpose, write {{ '}}' }}."
                : $"'{Graphemes.Truncate(match.Value, 60)}' is in single braces and would be shown as text. "
                    + $"Write {{{{ {match.Groups["name"].Value} }}}} to show the value.";
            yield return source.IssueAt(raw.Start.Offset + match.Index, TemplateIssueKind.StrayBrace, message);
        }
    }

    [GeneratedRegex(
        @"\}\}|(?<!\{)\{\s*(?<name>(event|project|defect|actor|payload)\.\w+)[^{}\r\n]*\}(?!\})", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex StrayBrace();
}
