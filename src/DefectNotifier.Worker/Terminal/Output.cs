using Spectre.Console;
using Spectre.Console.Rendering;

namespace DefectNotifier.Worker.Terminal;

/// <summary>
/// Where commands write for people: colours on a terminal only, none with <c>NO_COLOR</c>; where the output is piped nothing is broken into lines for a screen that is not there.
/// Text from outside goes through <see cref="TerminalText"/> and <c>Markup.Escape</c> or a <see cref="Text"/>.
/// </summary>
internal static class Output
{
    // Several commands may run in one process, each with an output of its own: tests do so.
    private static readonly AsyncLocal<TerminalSession?> Current = new();

    private static readonly Lazy<TerminalSession> Standard = new(() => TerminalSession.Of(Console.Out, Console.Error, isQuiet: false));

    /// <summary>For the result.</summary>
    public static IAnsiConsole Out => Session.Out;

    /// <summary>For what went wrong, and for remarks that are no part of the result.</summary>
    public static IAnsiConsole Error => Session.Error;

    /// <summary>With <c>--quiet</c>: only the bare result is wanted.</summary>
    public static bool IsQuiet => Session.IsQuiet;

    /// <summary>True when a person sits there who can be asked.</summary>
    public static bool CanAsk => Session.CanAsk;

    private static TerminalSession Session => Current.Value ?? Standard.Value;

    /// <summary>From here on the caller, and whatever it calls, writes there.</summary>
    public static void Use(TerminalSession session) => Current.Value = session;

    /// <summary>One line of the result, whatever its length.</summary>
    public static void WriteLine(string line, Style? style = null) => Write(Out, TerminalText.Line(line), style);

    public static void WriteLines(IEnumerable<TerminalLine> lines)
    {
        foreach (var line in lines) WriteLine(line.Text, line.Style);
    }

    /// <summary>A line that helps a reader and is no result: left out with <c>--quiet</c>.</summary>
    public static void Remark(string line)
    {
        if (!IsQuiet) Write(Out, TerminalText.Line(line), style: null);
    }

    /// <summary>JSON, never broken, and without anything that a terminal would obey.</summary>
    public static void WriteJson(string json) => Out.Profile.Out.Writer.WriteLine(TerminalText.Json(json));

    /// <summary>Spectre would break lines at the width of the screen, and what is copied from there would be broken too: a terminal does it better.</summary>
    public static void WriteUnbroken(IAnsiConsole console, IRenderable content)
    {
        var width = console.Profile.Width;
        console.Profile.Width = Math.Max(width, TerminalSession.Unbroken);
        console.Write(content);
        console.Profile.Width = width;
    }

    /// <summary>Lines that say what went wrong.</summary>
    public static void WriteError(string text) => WriteColored(text, Color.Red);

    /// <summary>Lines that somebody should read though all went well.</summary>
    public static void WriteWarning(string text) => WriteColored(text, Color.Yellow);

    private static void WriteColored(string text, Color color)
    {
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n')) Write(Error, TerminalText.Line(line), color);
    }

    private static void Write(IAnsiConsole console, string line, Style? style)
    {
        if (style is null || !console.Profile.Capabilities.Ansi) console.Profile.Out.Writer.WriteLine(line);
        else WriteUnbroken(console, new Text(line + Environment.NewLine, style));
    }
}
