namespace DefectNotifier.Rendering.Values;

/// <summary>Shortens a long text to a number of lines.</summary>
internal static class TextFold
{
    /// <summary>About as many characters fit into a line of a chat.</summary>
    private const int LineLength = 90;

    /// <summary>The text as it is, or its first lines and a link to the rest.</summary>
    /// <param name="pieces">The text.</param>
    /// <param name="lines">The maximum number of lines, as a chat shows them.</param>
    /// <param name="url">Where the rest is; null: no link.</param>
    public static IReadOnlyList<MessageInline> Of(IReadOnlyList<MessageInline> pieces, int lines, string? url)
    {
        var (kept, left, column) = (new List<MessageInline>(), lines, 0);
        foreach (var piece in pieces)
        {
            var length = Fitting(piece.Text, ref left, ref column);
            if (length == piece.Text.Length)
            {
                kept.Add(piece);
                continue;
            }

            var text = Graphemes.Prefix(piece.Text, length).TrimEnd().ToString();
            if (text.Length > 0) kept.Add(piece with { Text = text });
            kept.Add(new MessageInline(url is null ? " …" : " … "));
            if (url is not null) kept.Add(new MessageInline("more in Qase") { Url = url });
            return kept;
        }

        return pieces;
    }

    // How many characters fit; counts down the lines that are left.
    private static int Fitting(string text, ref int left, ref int column)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\n' || ++column > LineLength)
            {
                if (--left <= 0) return at;
                column = text[at] == '\n' ? 0 : 1;
            }
        }

        return text.Length;
    }
}
