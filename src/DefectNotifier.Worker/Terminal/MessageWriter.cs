using DefectNotifier.Chat;
using DefectNotifier.Chat.TextViews;
using DefectNotifier.Rendering.Values;
using Spectre.Console;

namespace DefectNotifier.Worker.Terminal;

/// <summary>Shows a message in the terminal, roughly as its chat shows it.</summary>
internal static class MessageWriter
{
    private const int TitleWidth = 72;

    private static readonly (TextStyle Style, Decoration Decoration)[] Decorations =
    [
        (TextStyle.Bold, Decoration.Bold), (TextStyle.Heading, Decoration.Bold), (TextStyle.Italic, Decoration.Italic),
        (TextStyle.Struck, Decoration.Strikethrough), (TextStyle.Subtle, Decoration.Dim), (TextStyle.Link, Decoration.Underline),
    ];

    // The first match wins.
    private static readonly (TextStyle Style, Color Color)[] Colors =
    [
        (TextStyle.Attention, Color.Red), (TextStyle.Warning, Color.Yellow), (TextStyle.Good, Color.Green),
        (TextStyle.Link, Color.Blue), (TextStyle.Mention, Color.Yellow), (TextStyle.Code, Color.Fuchsia),
    ];

    /// <param name="console">The terminal.</param>
    /// <param name="destination">The name of the destination.</param>
    /// <param name="platform">Its chat.</param>
    /// <param name="note">What the message does there; empty: it is a new one.</param>
    public static void WriteTitle(IAnsiConsole console, string destination, ChatPlatform platform, string note = "")
    {
        var what = note.Length == 0 ? "" : $": {note}";
        var title = $"── {TerminalText.Line(destination)} ({platform.Title()}){what} ".PadRight(TitleWidth, '─');
        console.Write(new Text(title + Environment.NewLine, new Style(Color.Grey)));
    }

    public static void Write(IAnsiConsole console, ChatPlatform platform, ReadOnlyMemory<byte> json)
    {
        foreach (var line in PlatformFormats.Read(platform, json).Lines) WriteLine(console, line);
    }

    /// <summary>The same behind a margin and within a width, with line breaks between words.</summary>
    public static void Write(IAnsiConsole console, ChatPlatform platform, ReadOnlyMemory<byte> json, string margin, int width)
    {
        foreach (var line in PlatformFormats.Read(platform, json).Lines)
        {
            foreach (var part in TextWrap.Wrap(line, width - margin.Length))
                WriteLine(console, [new TextRun(margin, TextStyle.Subtle), .. part]);
        }
    }

    private static void WriteLine(IAnsiConsole console, IReadOnlyList<TextRun> line)
    {
        if (!console.Profile.Capabilities.Ansi)
        {
            console.Profile.Out.Writer.WriteLine(string.Concat(line.Select(run => Clean(run.Text))).TrimEnd());
            return;
        }

        var paragraph = new Paragraph();
        foreach (var run in line) paragraph.Append(Clean(run.Text), StyleOf(run.Style));
        paragraph.Append(Environment.NewLine);
        console.Write(paragraph);
    }

    private static string Clean(string text) =>
        TerminalText.Line(text.Replace("\t", "    ", StringComparison.Ordinal));

    private static Style StyleOf(TextStyle style)
    {
        var decoration = Decorations.Where(pair => style.HasFlag(pair.Style)).Aggregate(
            Decoration.None, (all, pair) => all | pair.Decoration);
        var color = Colors.Where(pair => style.HasFlag(pair.Style)).Select(pair => pair.Color).FirstOrDefault(Color.Default);
        return new Style(color, decoration: decoration);
    }
}
