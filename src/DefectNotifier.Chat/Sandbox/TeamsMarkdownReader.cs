using System.Text;

namespace DefectNotifier.Chat.Sandbox;

/// <summary>Reads the Markdown of an Adaptive Card the way Teams shows it: escapes and entities as characters, links in words, emphasis without its marks.</summary>
internal static class TeamsMarkdownReader
{
    private static readonly (string Entity, string Character)[] Entities = [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\"")];

    public static string Read(string markdown)
    {
        var marks = EmphasisMarks.Find(markdown, backslashEscapes: true);
        var text = new StringBuilder(markdown.Length);
        for (var i = 0; i < markdown.Length; i++)
        {
            if (marks.Contains(i)) continue;
            var rest = markdown.AsSpan(i);
            if (rest is ['\\', var escaped, ..] && char.IsAscii(escaped) && !char.IsLetterOrDigit(escaped) && !char.IsWhiteSpace(escaped))
            {
                text.Append(escaped);
                i++;
            }
            else if (rest is ['[', ..] && TryReadLink(rest, out var link, out var length))
            {
                text.Append(link);
                i += length - 1;
            }
            else
            {
                i += AppendCharacter(text, rest) - 1;
            }
        }

        return text.ToString();
    }

    private static int AppendCharacter(StringBuilder text, ReadOnlySpan<char> rest)
    {
        foreach (var (entity, character) in Entities)
        {
            if (!rest.StartsWith(entity, StringComparison.Ordinal)) continue;
            text.Append(character);
            return entity.Length;
        }

        text.Append(rest[0]);
        return 1;
    }

    private static bool TryReadLink(ReadOnlySpan<char> rest, out string link, out int length)
    {
        (link, length) = ("", 0);
        var label = LabelEnd(rest);
        if (label < 0 || rest[label..] is not [']', '(', ..]) return false;
        var end = rest[label..].IndexOf(')');
        if (end < 0) return false;
        link = $"{Read(rest[1..label].ToString())} <{rest[(label + 2)..(label + end)]}>";
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
