using DefectNotifier.Chat.TextViews;

namespace DefectNotifier.Worker.Terminal;

/// <summary>Breaks a line of styled text between words.</summary>
internal static class TextWrap
{
    /// <summary>The line in parts of at most this many characters; a longer word stays in one piece.</summary>
    public static IReadOnlyList<IReadOnlyList<TextRun>> Wrap(IReadOnlyList<TextRun> line, int width)
    {
        var (parts, part, length) = (new List<IReadOnlyList<TextRun>>(), new List<TextRun>(), 0);
        foreach (var run in line)
        {
            foreach (var word in WordsOf(run.Text))
            {
                if (length > 0 && length + word.TrimEnd(' ').Length > width)
                {
                    parts.Add(part);
                    (part, length) = ([], 0);
                }

                part.Add(run with { Text = word });
                length += word.Length;
            }
        }

        parts.Add(part);
        return parts;
    }

    // Each word with the spaces behind it.
    private static IEnumerable<string> WordsOf(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var space = text.IndexOf(' ', start);
            var end = space < 0 ? text.Length : space;
            while (end < text.Length && text[end] == ' ') end++;
            yield return text[start..end];
            start = end;
        }
    }
}
