namespace DefectNotifier.Chat.Sandbox;

/// <summary>Words that lead somewhere, with the address behind them.</summary>
internal static class LinkText
{
    public static IReadOnlyList<TextRun> Of(string words, string url) => Of([new TextRun(words)], url);

    /// <summary>The words alone where there is no address, the address alone where there are no words.</summary>
    public static IReadOnlyList<TextRun> Of(IReadOnlyList<TextRun> words, string url)
    {
        if (url.Length == 0) return words;
        if (words.All(run => run.Text.Length == 0)) return [new TextRun(url, TextStyle.Link)];
        return [.. words.Select(run => run with { Style = run.Style | TextStyle.Link }), new TextRun($" <{url}>", TextStyle.Subtle)];
    }

    /// <summary>Runs side by side with a blank between.</summary>
    public static IEnumerable<TextRun> Join(IEnumerable<IReadOnlyList<TextRun>> parts) =>
        parts.SelectMany((part, index) => index == 0 ? part : [new TextRun(" "), .. part]);
}
