namespace DefectNotifier.Rendering.Templates;

/// <summary>Where something stands in a text, as an editor counts: lines end with a line feed, both numbers begin with 1.</summary>
internal static class TextLocation
{
    /// <param name="text">The text.</param>
    /// <param name="offset">Scriban's offset, which may be behind the end; its own lines and columns count a carriage return, and the end of the text, in other ways.</param>
    public static (int Line, int Column) Of(string text, int offset)
    {
        var before = text.AsSpan(0, Math.Clamp(offset, 0, text.Length));
        return (before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }
}
