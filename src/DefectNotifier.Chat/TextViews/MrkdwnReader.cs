namespace DefectNotifier.Chat.TextViews;

/// <summary>Reads mrkdwn as Slack shows it: links and dates as text, entities as characters, emphasis without its markers.</summary>
internal static class MrkdwnReader
{
    public static IReadOnlyList<TextRun> Read(string mrkdwn) =>
        [.. mrkdwn.Split('\n').SelectMany((line, index) => index == 0 ? ReadLine(line) : [new TextRun("\n"), .. ReadLine(line)])];

    private static IReadOnlyList<TextRun> ReadLine(string line)
    {
        var isQuote = line.StartsWith("&gt;", StringComparison.Ordinal);
        var markup = isQuote ? line[4..].TrimStart() : line;
        var marks = EmphasisMarks.Find(BlankBrackets(markup), isMarkdown: false);
        var runs = new RunWriter(Unescape);
        if (isQuote) runs.Append([new TextRun("│ ", TextStyle.Subtle)]);
        for (var i = 0; i < markup.Length; i++)
        {
            var end = markup[i] == '<' ? markup.IndexOf('>', i) : -1;
            if (marks.Contains(i))
            {
                runs.Toggle(StyleOf(markup[i]));
            }
            else if (end > i)
            {
                runs.Append(ReadToken(markup[(i + 1)..end]));
                i = end;
            }
            else
            {
                runs.Append(markup[i]);
            }
        }

        return runs.ToRuns();
    }

    /// <summary>Decodes the three entities of mrkdwn.</summary>
    public static string Unescape(string text) => text
        .Replace("&lt;", "<", StringComparison.Ordinal)
        .Replace("&gt;", ">", StringComparison.Ordinal)
        .Replace("&amp;", "&", StringComparison.Ordinal);

    private static TextStyle StyleOf(char mark) => mark switch
    {
        '*' => TextStyle.Bold,
        '_' => TextStyle.Italic,
        '~' => TextStyle.Struck,
        _ => TextStyle.Code,
    };

    /// <summary>Reads the content of <c>&lt;...&gt;</c>, which is still escaped.</summary>
    private static IReadOnlyList<TextRun> ReadToken(string token)
    {
        var bar = token.IndexOf('|', StringComparison.Ordinal);
        var target = Unescape(bar < 0 ? token : token[..bar]);
        var label = Unescape(bar < 0 ? "" : token[(bar + 1)..]);
        return target switch
        {
            ['@' or '#', ..] => [new TextRun(label.Length > 0 ? $"{target[0]}{label}" : target, TextStyle.Mention)],
            // Dates and group mentions have their text in the label.
            ['!', ..] => [new TextRun(
                label.Length > 0 ? label : $"@{target[1..]}",
                target.StartsWith("!date^", StringComparison.Ordinal) ? TextStyle.Plain : TextStyle.Mention)],
            _ => LinkText.Of(label, target),
        };
    }

    /// <summary>The text with the content of <c>&lt;...&gt;</c> blanked out: a URL may contain markers.</summary>
    public static string BlankBrackets(string markup)
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
