using System.Buffers;
using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Syntax.Inlines;

namespace DefectNotifier.Rendering.Markdown;

/// <summary>
/// Makes a link of an address that begins with http:// or https://. It ends before white space and before marks that cannot be part of
/// it; punctuation and an unmatched closing parenthesis at its end belong to the sentence. Markdig's own parser also links other schemes,
/// and its work grows with the square of the links.
/// </summary>
internal sealed class BareLinkParser : InlineParser
{
    private static readonly SearchValues<char> Ends = SearchValues.Create(" \t\r\n\u00A0<>|`[]\"\\");

    private static readonly SearchValues<char> Punctuation = SearchValues.Create("?!.,:;*_~'…");

    public BareLinkParser() => OpeningCharacters = ['h', 'H'];

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        if (char.IsLetterOrDigit(slice.PeekCharExtra(-1))) return false;
        var rest = slice.AsSpan();
        var scheme = rest.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? "https://".Length
            : rest.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? "http://".Length
            : 0;
        if (scheme == 0) return false;
        if (rest.IndexOfAny(Ends) is var end and >= 0) rest = rest[..end];
        var unmatched = rest.Count(')') - rest.Count('(');
        while (rest.Length > scheme && (Punctuation.Contains(rest[^1]) || (rest[^1] == ')' && unmatched-- > 0))) rest = rest[..^1];
        if (rest.Length == scheme) return false;
        processor.Inline = new AutolinkInline(rest.ToString());
        slice.Start += rest.Length;
        return true;
    }
}
