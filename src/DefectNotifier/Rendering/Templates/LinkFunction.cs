using DefectNotifier.Rendering.Values;
using Scriban.Parsing;
using Scriban.Runtime;

namespace DefectNotifier.Rendering.Templates;

/// <summary><c>link url 'text'</c>: a link from values. An address that may not be linked to leaves the text alone, a missing text shows the address.</summary>
internal sealed class LinkFunction() : TemplateFunction(1, "url", "text")
{
    protected override object? Call(TokenContext context, SourceSpan span, ScriptArray arguments)
    {
        var address = Text(arguments, 0);
        var isSafe = SafeUrl.TryCreate(address, out var url);
        var words = TextCleaning.Clean(Text(arguments, 1) ?? (isSafe ? url : address) ?? "").Replace('\n', ' ');
        return TemplateValue.Of(new MessageInline(words) { Url = url });
    }
}
