namespace DefectNotifier.Chat.TextViews;

/// <summary>Finds the pairs of markers that a chat shows as bold, italic, strikethrough or code, in Slack's or Teams' markup.</summary>
internal static class EmphasisMarks
{
    /// <param name="text">The markup.</param>
    /// <param name="isMarkdown">True for Markdown: a backslash escapes, and only <c>~~</c> means strikethrough. False for mrkdwn.</param>
    /// <returns>The positions of the markers, which are not shown themselves.</returns>
    public static HashSet<int> Find(string text, bool isMarkdown) =>
        [.. Pairs(text, isMarkdown).SelectMany(pair => (int[])[pair.Open, pair.Close])];

    /// <summary>True for a position between two markers of a pair; a line break there would separate them.</summary>
    public static Predicate<int> Between(string text, bool isMarkdown)
    {
        var pairs = Pairs(text, isMarkdown);
        return position => pairs.Exists(pair => pair.Open < position && position < pair.Close);
    }

    private static List<(int Open, int Close)> Pairs(string text, bool isMarkdown)
    {
        var pairs = new List<(int Open, int Close)>();
        var found = new HashSet<int>();
        for (var open = 0; open < text.Length; open++)
        {
            if (isMarkdown && text[open] == '\\')
            {
                open++;
                continue;
            }

            if (found.Contains(open) || !IsMarker(text, open, isMarkdown) || !CanOpen(text, open)) continue;
            if (FindClose(text, open, found, isMarkdown) is not { } close) continue;
            pairs.Add((open, close));
            found.Add(open);
            found.Add(close);
            // Inside code other markers have no meaning.
            if (text[open] == '`') open = close;
        }

        return pairs;
    }

    private static int? FindClose(string text, int open, HashSet<int> taken, bool isMarkdown)
    {
        for (var close = open + 1; close < text.Length && text[close] != '\n'; close++)
        {
            if (isMarkdown && text[close] == '\\') close++;
            else if (text[close] == text[open] && close > open + 1 && !taken.Contains(close) && CanClose(text, close)) return close;
        }

        return null;
    }

    private static bool IsMarker(string text, int position, bool isMarkdown) => text[position] switch
    {
        '*' or '_' or '`' => true,
        '~' => !isMarkdown || text.AsSpan(position + 1) is ['~', ..] || text.AsSpan(0, position) is [.., '~'],
        _ => false,
    };

    private static bool CanOpen(string text, int position) =>
        (position == 0 || !char.IsLetterOrDigit(text[position - 1]))
        && position + 1 < text.Length
        && !char.IsWhiteSpace(text[position + 1]);

    private static bool CanClose(string text, int position) =>
        !char.IsWhiteSpace(text[position - 1]) && (position + 1 == text.Length || !char.IsLetterOrDigit(text[position + 1]));
}
