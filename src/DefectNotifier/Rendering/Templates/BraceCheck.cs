using System.Text.RegularExpressions;
using DefectNotifier.Rendering.Values;
using Scriban.Parsing;

namespace DefectNotifier.Rendering.Templates;

/// <summary>Finds tags that are not closed and braces that belong to none: Scriban takes both for what was meant.</summary>
internal static partial class BraceCheck
{
    /// <summary>In JSON two closing braces in a row are nothing special, so there only open tags are looked for.</summary>
    public static IEnumerable<TemplateIssue> Inspect(string file, string text, bool isJson)
    {
        Token? open = null;
        var last = default(Token);
        foreach (var token in new Lexer(text, file, LexerOptions.Default))
        {
            if (token.Type == TokenType.CodeEnter) open = token;
            else if (token.Type == TokenType.CodeExit) open = null;
            // Within a tag nothing opens two braces at once: it is the next tag.
            else if (open is { } before && token.Type == TokenType.OpenBrace && last.Type == TokenType.OpenBrace && last.End.Offset + 1 == token.Start.Offset)
            {
                yield return Unclosed(file, text, before, $"the next one begins in line {TextLocation.Of(text, token.Start.Offset).Line}");
                yield break;
            }
            else if (token.Type == TokenType.Raw && !isJson)
            {
                foreach (var issue in InRaw(file, text, token)) yield return issue;
            }

            last = token;
        }

        if (open is { } never) yield return Unclosed(file, text, never, "the file ends");
    }

    private static TemplateIssue Unclosed(string file, string text, Token open, string what)
    {
        var (line, column) = TextLocation.Of(text, open.Start.Offset);
        return new TemplateIssue(TemplateIssueKind.UnclosedTag, file, line, column, $"This {{{{ is not closed before {what}. Close it with }}}}.");
    }

    private static IEnumerable<TemplateIssue> InRaw(string file, string text, Token raw)
    {
        var written = text[raw.Start.Offset..Math.Min(text.Length, raw.End.Offset + 1)];
        foreach (Match match in Suspect().Matches(written))
        {
            var (line, column) = TextLocation.Of(text, raw.Start.Offset + match.Index);
            yield return new TemplateIssue(TemplateIssueKind.StrayBrace, file, line, column, match.Value == "}}"
                ? "This }} closes nothing and would be shown as it is. To show it, write {{ '}}' }}."
                : $"'{Graphemes.Truncate(match.Value, 60)}' stands between single braces and would be shown as it is. A value is written {{{{ {match.Groups["name"].Value} }}}}.");
        }
    }

    [GeneratedRegex(@"\}\}|(?<!\{)\{\s*(?<name>(event|project|defect|actor|payload)\.\w+)[^{}\r\n]*\}(?!\})", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Suspect();
}
