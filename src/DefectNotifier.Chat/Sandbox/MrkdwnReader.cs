using System.Text;

namespace DefectNotifier.Chat.Sandbox;

/// <summary>Reads Slack's mrkdwn the way Slack shows it: links and dates in words, entities as characters, emphasis without its marks.</summary>
internal static class MrkdwnReader
{
    public static string Read(string mrkdwn) => string.Join('\n', mrkdwn.Split('\n').Select(ReadLine));

    private static string ReadLine(string line)
    {
        var isQuote = line.StartsWith("&gt;", StringComparison.Ordinal);
        var markup = isQuote ? line[4..].TrimStart() : line;
        var marks = EmphasisMarks.Find(Blank(markup), backslashEscapes: false);
        var text = new StringBuilder(isQuote ? "│ " : "");
        for (var i = 0; i < markup.Length; i++)
        {
            if (marks.Contains(i)) continue;
            var end = markup[i] == '<' ? markup.IndexOf('>', i) : -1;
            if (end > i)
            {
                text.Append(ReadToken(markup[(i + 1)..end]));
                i = end;
            }
            else
            {
                text.Append(markup[i]);
            }
        }

        return Unescape(text.ToString());
    }

    /// <summary>Escapes of the top-level text and of everything else in mrkdwn.</summary>
    public static string Unescape(string text) => text
        .Replace("&lt;", "<", StringComparison.Ordinal)
        .Replace("&gt;", ">", StringComparison.Ordinal)
        .Replace("&amp;", "&", StringComparison.Ordinal);

    /// <summary>The content of <c>&lt;...&gt;</c>, still escaped.</summary>
    private static string ReadToken(string token)
    {
        var bar = token.IndexOf('|', StringComparison.Ordinal);
        var target = bar < 0 ? token : token[..bar];
        var label = bar < 0 ? "" : token[(bar + 1)..];
        return target switch
        {
            ['@', ..] => label.Length > 0 ? $"@{label}" : target,
            ['#', ..] => label.Length > 0 ? $"#{label}" : target,
            ['!', ..] when label.Length > 0 => label,
            ['!', ..] => $"@{target[1..]}",
            _ => label.Length > 0 ? $"{label} &lt;{target}&gt;" : target,
        };
    }

    /// <summary>The same text with nothing to find inside <c>&lt;...&gt;</c>: an address may hold any marker.</summary>
    private static string Blank(string markup)
    {
        var blank = markup.ToCharArray();
        for (var i = 0; i < blank.Length; i++)
        {
            var end = blank[i] == '<' ? markup.IndexOf('>', i) : -1;
            for (; i < end; i++) blank[i] = '.';
        }

        return new string(blank);
    }
}
