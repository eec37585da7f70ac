using System.Text.RegularExpressions;
using Scriban.Parsing;

namespace DefectNotifier.Rendering.Templates;

/// <summary>
/// The syntax errors of a template, each at the place where the author has to correct it. Scriban reports the place where its
/// parser stopped, which can be far behind.
/// </summary>
internal static partial class TemplateSyntax
{
    public const string FunctionAdvice =
        "DATE and TIME are functions of Adaptive Cards, which a template cannot call. Write {{ event.time | date }}.";

    /// <summary>One mistake can cause many errors behind it.</summary>
    private const int MaxErrors = 3;

    /// <summary>Reading a file puts this character in place of bytes that are not UTF-8.</summary>
    private const char Unreadable = '\uFFFD';

    private static readonly string[] Openers = ["if", "for", "while", "case", "capture", "func", "with", "wrap", "tablerow"];

    /// <param name="source">The template; its text is not null.</param>
    /// <returns>The first few errors; empty for a valid template.</returns>
    public static IEnumerable<TemplateIssue> ErrorsOf(TemplateSource source)
    {
        if (source.Code.IndexOf(Unreadable) is var at and >= 0)
            return [Error(source, at, "This character is not valid UTF-8. Save the file with UTF-8 encoding.")];
        if (!source.Template.HasErrors) return [];
        if (DesignerFunction().Match(source.Code) is { Success: true } function) return [Error(source, function.Index, FunctionAdvice)];
        // An unclosed tag takes the following text as code, so all errors behind it are caused by it.
        var open = BraceCheck.Inspect(source).FirstOrDefault(issue => issue.Kind == TemplateIssueKind.UnclosedTag);
        if (open is not null) return [open];
        var errors = source.Template.Messages.Where(message => message.Type == ParserMessageType.Error);
        return errors.Take(MaxErrors).Select(message => Of(source, message));
    }

    private static TemplateIssue Of(TemplateSource source, LogMessage message)
    {
        var text = source.Code;
        if (message.Message.Contains("<end> statement was not found", StringComparison.Ordinal) && UnclosedBlock(text) is { } open)
        {
            // Which of the two lacks its end can't be known: any end closes the innermost block.
            var inner = open.Inner is { } token
                ? $", or the '{token.GetText(text)}' in line {token.Start.Line + 1} inside it has none"
                : "";
            var problem = $"This '{open.Block.GetText(text)}' has no matching end{inner}. Write {{{{ end }}}} after its last line.";
            return Error(source, open.Block.Start.Offset, problem);
        }

        if (message.Message.Contains("top level assignment", StringComparison.Ordinal))
            return Error(source, message.Span.Start.Offset, "A single = assigns a value, which is not possible here. Use == to compare.");
        return Error(source, message.Span.Start.Offset, message.Message.EndsWith('.') ? message.Message : message.Message + ".");
    }

    [GeneratedRegex(@"\{\{\s*(DATE|TIME)\s*\(", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex DesignerFunction();

    private static TemplateIssue Error(TemplateSource source, int offset, string message) =>
        source.IssueAt(offset, TemplateIssueKind.Syntax, message);

    /// <summary>
    /// The statement that begins the innermost block without an <c>end</c>, and that of the last block of several lines inside it. Null:
    /// none.
    /// </summary>
    private static (Token Block, Token? Inner)? UnclosedBlock(string text)
    {
        var open = new Stack<Token>();
        var closed = default(Token?);
        var isStatement = false;
        foreach (var token in new Lexer(text, options: LexerOptions.Default))
        {
            var word = isStatement && token.Type == TokenType.Identifier ? token.GetText(text) : null;
            if (Openers.Contains(word)) open.Push(token);
            else if (word == "end" && open.TryPop(out var block) && block.Start.Line != token.Start.Line) closed = block;
            isStatement = token.Type is TokenType.CodeEnter or TokenType.NewLine or TokenType.SemiColon;
        }

        return open.TryPop(out var last) ? (last, closed?.Start.Offset > last.Start.Offset ? closed : null) : null;
    }
}
