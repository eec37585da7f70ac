using System.Globalization;
using System.Text.Json;

namespace DefectNotifier.Chat.TextViews;

/// <summary>
/// Collects the lines of a message for a terminal. Control characters are replaced, because a terminal would execute them. Invisible
/// characters and no-break spaces, which only a chat needs to show a text literally, are removed.
/// </summary>
internal sealed class TextPage
{
    private const int MaxRule = 60;

    private readonly List<IReadOnlyList<TextRun>> _lines = [];
    private string _margin = "";
    private TextStyle _tone;

    /// <summary>The text that <paramref name="write"/> makes of a message; a note for anything that is not JSON.</summary>
    public static MessageText Read(ReadOnlyMemory<byte> json, Action<TextPage, JsonElement> write)
    {
        var page = new TextPage();
        try
        {
            using var document = JsonDocument.Parse(json);
            write(page, document.RootElement);
        }
        catch (JsonException)
        {
            page.Write("[not JSON]");
        }

        return page.ToText();
    }

    public void Write(string text, string marker = "", TextStyle style = TextStyle.Plain) => Write([new TextRun(text, style)], marker);

    /// <summary>Writes the lines of the runs; the first line gets <paramref name="marker"/>, the others are indented to match.</summary>
    public void Write(IEnumerable<TextRun> runs, string marker = "")
    {
        var lead = marker;
        foreach (var line in Split(runs))
        {
            _lines.Add([.. Lead(_margin), .. Lead(lead), .. line]);
            lead = new string(' ', marker.Length);
        }
    }

    public void WriteHeading(IEnumerable<TextRun> runs)
    {
        var heading = runs.Select(run => run with { Style = run.Style | TextStyle.Heading | _tone }).ToList();
        Write(heading);
        var widest = Split(heading).Max(line => new StringInfo(string.Concat(line.Select(run => run.Text))).LengthInTextElements);
        Write(new string('=', Math.Clamp(widest, 1, MaxRule)), style: TextStyle.Subtle | _tone);
    }

    public void WriteRule() => Write(new string('─', MaxRule), style: TextStyle.Subtle);

    public void WriteWithin(string margin, Action write)
    {
        var outer = _margin;
        _margin = outer + margin;
        write();
        _margin = outer;
    }

    /// <summary>Headings inside get this style.</summary>
    public void WriteInTone(TextStyle tone, Action write)
    {
        var outer = _tone;
        _tone = tone;
        write();
        _tone = outer;
    }

    public MessageText ToText() => new(_lines);

    private static TextRun[] Lead(string text) => text.Length == 0 ? [] : [new TextRun(text, TextStyle.Subtle)];

    private static List<List<TextRun>> Split(IEnumerable<TextRun> runs)
    {
        List<List<TextRun>> lines = [[]];
        foreach (var run in runs)
        {
            var parts = run.Text.ReplaceLineEndings("\n").Split('\n');
            for (var i = 0; i < parts.Length; i++)
            {
                if (i > 0) lines.Add([]);
                if (parts[i].Length > 0) lines[^1].Add(run with { Text = Printable(parts[i]) });
            }
        }

        return lines;
    }

    private static string Printable(string text)
    {
        var line = text.Replace("\u2060", "", StringComparison.Ordinal).Replace('\u00A0', ' ');
        return line.Any(IsUnprintable) ? string.Concat(line.Select(character => IsUnprintable(character) ? '\uFFFD' : character)) : line;
    }

    private static bool IsUnprintable(char character) => char.IsControl(character) && character != '\t';
}
