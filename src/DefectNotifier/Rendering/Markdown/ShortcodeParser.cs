using DefectNotifier.Rendering.Values;
using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Syntax.Inlines;

namespace DefectNotifier.Rendering.Markdown;

/// <summary>
/// Replaces <c>:tada:</c> by its emoji, but not in code and not after a backslash. Markdig's own parser accepts it only between spaces.
/// </summary>
internal sealed class ShortcodeParser : InlineParser
{
    public ShortcodeParser() => OpeningCharacters = [':'];

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        if (Shortcodes.At(slice.Text, slice.Start) is not var (emoji, length) || slice.Start + length - 1 > slice.End) return false;
        processor.Inline = new LiteralInline(emoji);
        slice.Start += length;
        return true;
    }
}
