using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DefectNotifier.Worker.Terminal;

/// <summary>One line of output, with a style for terminals that show colours.</summary>
internal sealed record TerminalLine(string Text, Style? Style = null);

/// <summary>
/// The standard output and error of a command. Colours are used only on a terminal, and not with <c>NO_COLOR</c>; piped output is never
/// wrapped. External text goes through <see cref="TerminalText"/>, and through <c>Markup.Escape</c> or a <see cref="Text"/>.
/// </summary>
internal static class Output
{
    // Per async flow, because tests run several commands in one process, each with its own output.
    private static readonly AsyncLocal<TerminalSession?> Current = new();

    private static readonly Lazy<TerminalSession> Default = new(
        () => TerminalSession.Of(System.Console.Out, System.Console.Error, isQuiet: false));

    public static IAnsiConsole Out => Session.Out;

    /// <summary>Standard error: errors and warnings.</summary>
    public static IAnsiConsole Error => Session.Error;

    /// <summary>True with <c>--quiet</c>: only the bare result is written.</summary>
    public static bool IsQuiet => Session.IsQuiet;

    /// <summary>True when input and output are a terminal, so that questions can be asked.</summary>
    public static bool IsInteractive => Session.IsInteractive;

    private static TerminalSession Session => Current.Value ?? Default.Value;

    /// <summary>Makes the calling async flow, and everything that it calls, write to this session.</summary>
    public static void Use(TerminalSession session) => Current.Value = session;

    /// <summary>Writes one line of the result. It is never wrapped.</summary>
    public static void WriteLine(string line, Style? style = null) => Write(Out, TerminalText.Line(line), style);

    public static void WriteLines(IEnumerable<TerminalLine> lines)
    {
        foreach (var line in lines) WriteLine(line.Text, line.Style);
    }

    /// <summary>Writes a line that explains the result; omitted with <c>--quiet</c>.</summary>
    public static void WriteNote(string line)
    {
        if (!IsQuiet) Write(Out, TerminalText.Line(line), style: null);
    }

    /// <summary>Writes JSON, never wrapped and without terminal control characters.</summary>
    public static void WriteJson<T>(T value, JsonTypeInfo<T> type) => WriteJson(JsonSerializer.Serialize(value, type));

    public static void WriteJson(string json) => Out.Profile.Out.Writer.WriteLine(TerminalText.Json(json));

    /// <summary>Writes without Spectre's line wrapping, so that text copied from the terminal stays in one piece.</summary>
    public static void WriteUnwrapped(IAnsiConsole console, IRenderable content)
    {
        var width = console.Profile.Width;
        console.Profile.Width = Math.Max(width, TerminalSession.UnlimitedWidth);
        console.Write(content);
        console.Profile.Width = width;
    }

    public static void WriteError(string text) => WriteColored(text, Color.Red);

    /// <summary>Writes a warning to standard error; the command still succeeds.</summary>
    public static void WriteWarning(string text) => WriteColored(text, Color.Yellow);

    private static void WriteColored(string text, Color color)
    {
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n')) Write(Error, TerminalText.Line(line), color);
    }

    private static void Write(IAnsiConsole console, string line, Style? style)
    {
        if (style is null || !console.Profile.Capabilities.Ansi) console.Profile.Out.Writer.WriteLine(line);
        else WriteUnwrapped(console, new Text(line + Environment.NewLine, style));
    }
}
