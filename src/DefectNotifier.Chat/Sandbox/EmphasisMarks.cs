namespace DefectNotifier.Chat.Sandbox;

/// <summary>Finds the pairs of markers that a chat would turn into bold, italic, struck or code, in either markup language.</summary>
internal static class EmphasisMarks
{
    /// <param name="text">Markup.</param>
    /// <param name="backslashEscapes">Whether a backslash takes the meaning from the marker after it (Markdown) or not (mrkdwn).</param>
    /// <returns>The positions of the markers that are not shown.</returns>
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
            // Inside code every other marker is only a character.
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
        (position == 0 || !char.IsLetterOrDigit(text[position - 1])) && position + 1 < text.Length && !char.IsWhiteSpace(text[position + 1]);

    private static bool CanClose(string text, int position) =>
        !char.IsWhiteSpace(text[position - 1]) && (position + 1 == text.Length || !char.IsLetterOrDigit(text[position + 1]));
}
