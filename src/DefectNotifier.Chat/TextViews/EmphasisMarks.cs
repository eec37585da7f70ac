namespace DefectNotifier.Chat.TextViews;

/// <summary>Finds the pairs of markers that a chat shows as bold, italic, strikethrough or code, in Slack's or Teams' markup.</summary>
internal static class EmphasisMarks
{
    /// <param name="text">The markup.</param>
    /// <param name="backslashEscapes">True when a backslash escapes the marker after it (Markdown), false when not (mrkdwn).</param>
    /// <returns>The positions of the markers, which are not shown themselves.</returns>
    public static HashSet<int> Find(string text, bool backslashEscapes)
    {
        var found = new HashSet<int>();
        for (var open = 0; open < text.Length; open++)
        {
            if (backslashEscapes && text[open] == '\\')
            {
                open++;
                continue;
            }

            if (found.Contains(open) || !IsMarker(text[open]) || !CanOpen(text, open)) continue;
            if (FindClose(text, open, found, backslashEscapes) is not { } close) continue;
            found.Add(open);
            found.Add(close);
            // Inside code other markers have no meaning.
            if (text[open] == '`') open = close;
        }

        return found;
    }

    private static int? FindClose(string text, int open, HashSet<int> taken, bool backslashEscapes)
    {
        for (var close = open + 1; close < text.Length && text[close] != '\n'; close++)
        {
            if (backslashEscapes && text[close] == '\\') close++;
            else if (text[close] == text[open] && close > open + 1 && !taken.Contains(close) && CanClose(text, close)) return close;
        }

        return null;
    }

    private static bool IsMarker(char character) => character is '*' or '_' or '~' or '`';

    private static bool CanOpen(string text, int position) =>
        (position == 0 || !char.IsLetterOrDigit(text[position - 1]))
        && position + 1 < text.Length
        && !char.IsWhiteSpace(text[position + 1]);

    private static bool CanClose(string text, int position) =>
        !char.IsWhiteSpace(text[position - 1]) && (position + 1 == text.Length || !char.IsLetterOrDigit(text[position + 1]));
}
