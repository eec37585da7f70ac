namespace DefectNotifier.Chat.TextViews;

/// <summary>
/// Reads the Markdown of an Adaptive Card as Teams shows it: escapes and entities as characters, links as text, emphasis without its
/// markers.
/// </summary>
internal static class TeamsMarkdownReader
{
    private static readonly (string Entity, string Character)[] Entities =
        [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\"")];

    public static IReadOnlyList<TextRun> Read(string markdown)
    {
        var marks = EmphasisMarks.Find(markdown, isMarkdown: true);
        var runs = new RunWriter();
        for (var i = 0; i < markdown.Length; i++)
        {
            var rest = markdown.AsSpan(i);
            if (marks.Contains(i))
            {
                var isDouble = i + 1 < markdown.Length && markdown[i + 1] == markdown[i] && marks.Contains(i + 1);
                runs.Toggle(StyleOf(markdown[i], isDouble));
                if (isDouble) i++;
            }
            else if (rest is ['\\', var escaped, ..] && char.IsAscii(escaped)
                && !char.IsLetterOrDigit(escaped) && !char.IsWhiteSpace(escaped))
            {
                runs.Append(escaped);
                i++;
            }
            else if (rest is ['[', ..] && TryReadLink(rest, out var link, out var length))
            {
                runs.Append(link);
                i += length - 1;
            }
            else
            {
                i += AppendCharacter(runs, rest) - 1;
            }
        }

        return runs.ToRuns();
    }

    private static TextStyle StyleOf(char mark, bool isDouble) => mark switch
    {
        '~' => TextStyle.Struck,
        '`' => TextStyle.Code,
        _ => isDouble ? TextStyle.Bold : TextStyle.Italic,
    };

    private static int AppendCharacter(RunWriter runs, ReadOnlySpan<char> rest)
    {
        foreach (var (entity, character) in Entities)
        {
            if (!rest.StartsWith(entity, StringComparison.Ordinal)) continue;
            runs.Append(character);
            return entity.Length;
        }

        runs.Append(rest[0]);
        return 1;
    }

    private static bool TryReadLink(ReadOnlySpan<char> rest, out IReadOnlyList<TextRun> link, out int length)
    {
        (link, length) = ([], 0);
        var label = LabelEnd(rest);
        if (label < 0 || rest[label..] is not [']', '(', ..]) return false;
        var end = rest[label..].IndexOf(')');
        if (end < 0) return false;
        link = LinkText.Of(Read(rest[1..label].ToString()), rest[(label + 2)..(label + end)].ToString());
        length = label + end + 1;
        return true;
    }

    private static int LabelEnd(ReadOnlySpan<char> rest)
    {
        for (var i = 1; i < rest.Length; i++)
        {
            if (rest[i] == '\\') i++;
            else if (rest[i] is ']') return i;
            else if (rest[i] is '[' or '\n') return -1;
        }

        return -1;
    }
}
