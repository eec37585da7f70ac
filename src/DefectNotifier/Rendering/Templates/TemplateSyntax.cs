using Scriban;
using Scriban.Parsing;

namespace DefectNotifier.Rendering.Templates;

/// <summary>Tells what keeps a text from being a template by the place where it is to be mended: Scriban tells where it could not go on.</summary>
internal static class TemplateSyntax
{
    /// <summary>One slip can make many errors behind it.</summary>
    private const int MaxErrors = 3;

    /// <summary>What reading puts in place of bytes that are not UTF-8; nobody writes it into a template.</summary>
    private const char Unreadable = '\uFFFD';

    private static readonly string[] Openers = ["if", "for", "while", "case", "capture", "func", "with", "wrap", "tablerow"];

    /// <param name="file">The template's name.</param>
    /// <param name="text">Its text.</param>
    /// <param name="parsed">What Scriban made of it.</param>
    /// <returns>The first few errors; none for a sound template.</returns>
    public static IEnumerable<TemplateIssue> ErrorsOf(string file, string text, Template parsed)
    {
        if (text.IndexOf(Unreadable) is var at and >= 0) return [NotUtf8(file, text.AsSpan(0, at))];
        if (!parsed.HasErrors) return [];
        // An open tag takes what follows for code, and every error behind it is its own.
        var open = BraceCheck.Inspect(file, text, isJson: true).FirstOrDefault(issue => issue.Kind == TemplateIssueKind.UnclosedTag);
        return open is not null ? [open] : parsed.Messages.Where(message => message.Type == ParserMessageType.Error).Take(MaxErrors).Select(message => Of(file, text, message));
    }

    private static TemplateIssue NotUtf8(string file, ReadOnlySpan<char> before) => new(
        TemplateIssueKind.Syntax, file, before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'), "Here is a character that is not UTF-8. Save the file with the encoding UTF-8.");

    private static TemplateIssue Of(string file, string text, LogMessage message)
    {
        if (message.Message.Contains("<end> statement was not found", StringComparison.Ordinal) && OpenBlock(text) is { } block)
            return Issue(block.Start, $"This '{block.GetText(text)}' has no end. Write {{{{ end }}}} where it is over.");
        return Issue(message.Span.Start, message.Message.EndsWith('.') ? message.Message : message.Message + ".");

        TemplateIssue Issue(TextPosition place, string words)
        {
            var (line, column) = TextLocation.Of(text, place.Offset);
            return new TemplateIssue(TemplateIssueKind.Syntax, file, line, column, words);
        }
    }

    /// <summary>The statement that begins the innermost block without an <c>end</c>.</summary>
    private static Token? OpenBlock(string text)
    {
        var open = new Stack<Token>();
        var isStatement = false;
        foreach (var token in new Lexer(text, options: LexerOptions.Default))
        {
            var word = isStatement && token.Type == TokenType.Identifier ? token.GetText(text) : null;
            if (Openers.Contains(word)) open.Push(token);
            else if (word == "end") open.TryPop(out _);
            isStatement = token.Type is TokenType.CodeEnter or TokenType.NewLine or TokenType.SemiColon;
        }

        return open.TryPop(out var last) ? last : null;
    }
}
