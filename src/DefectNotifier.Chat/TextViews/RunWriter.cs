using System.Text;

namespace DefectNotifier.Chat.TextViews;

/// <summary>Collects characters into runs; consecutive characters with the same style become one run.</summary>
internal sealed class RunWriter(Func<string, string>? unescape = null)
{
    private readonly List<TextRun> _runs = [];
    private readonly StringBuilder _text = new();
    private TextStyle _style;

    public void Append(char character) => _text.Append(character);

    public void Append(string text) => _text.Append(text);

    /// <summary>Complete runs; the current style is added to theirs.</summary>
    public void Append(IEnumerable<TextRun> runs)
    {
        End();
        _runs.AddRange(runs.Select(run => run with { Style = run.Style | _style }));
    }

    /// <summary>Switches a style on or off for the following text.</summary>
    public void Toggle(TextStyle style)
    {
        End();
        _style ^= style;
    }

    public IReadOnlyList<TextRun> ToRuns()
    {
        End();
        return _runs;
    }

    private void End()
    {
        if (_text.Length == 0) return;
        var text = _text.ToString();
        _runs.Add(new TextRun(unescape is null ? text : unescape(text), _style));
        _text.Clear();
    }
}

/// <summary>A link in a terminal: its text, then the URL in angle brackets.</summary>
internal static class LinkText
{
    public static IReadOnlyList<TextRun> Of(string text, string url) => Of([new TextRun(text)], url);

    /// <summary>The text alone when there is no URL, the URL alone when there is no text.</summary>
    public static IReadOnlyList<TextRun> Of(IReadOnlyList<TextRun> text, string url)
    {
        if (url.Length == 0) return text;
        if (text.All(run => run.Text.Length == 0)) return [new TextRun(url, TextStyle.Link)];
        return [.. text.Select(run => run with { Style = run.Style | TextStyle.Link }), new TextRun($" <{url}>", TextStyle.Subtle)];
    }

    /// <summary>Several parts on one line, separated by spaces.</summary>
    public static IEnumerable<TextRun> Join(IEnumerable<IReadOnlyList<TextRun>> parts, string separator = " ") =>
        parts.SelectMany((part, index) => index == 0 ? part : [new TextRun(separator), .. part]);

    /// <summary>The cells of a row on one line.</summary>
    public static IEnumerable<TextRun> Row(IEnumerable<IReadOnlyList<TextRun>> cells) => Join(
        cells.Select(cell => cell.All(run => string.IsNullOrWhiteSpace(run.Text)) ? [new TextRun("–")] : cell), " | ");
}
