using DefectNotifier.Rendering.Markdown;
using DefectNotifier.Rendering.Values;
using Scriban.Parsing;
using Scriban.Runtime;

namespace DefectNotifier.Rendering.Templates;

/// <summary>
/// <c>payload.comment | markdown</c>: a value whose own emphasis, code, links and lists are shown as such. It can neither mention nor show pictures, nor be
/// more than running text.
/// </summary>
internal sealed class MarkdownFunction() : TemplateFunction(1, "text")
{
    protected override object? Call(TokenContext context, SourceSpan span, ScriptArray arguments)
    {
        if (Text(arguments, 0) is not { } text) return null;
        var pieces = ValueMarkdown.Read(TextCleaning.Clean(text));
        return new TemplateValue(string.Concat(pieces.Select(piece => piece.Text))) { Typed = pieces };
    }
}
