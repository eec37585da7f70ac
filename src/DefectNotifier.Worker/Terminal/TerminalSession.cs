using Spectre.Console;

namespace DefectNotifier.Worker.Terminal;

/// <summary>The outputs of one run of the program.</summary>
internal sealed record TerminalSession(IAnsiConsole Out, IAnsiConsole Error)
{
    /// <summary>Wider than any line.</summary>
    public const int UnlimitedWidth = 10_000;

    public bool IsQuiet { get; init; }

    /// <summary>True when input and output are a terminal, so that questions can be asked.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>A writer is coloured only when it is the process's own output or error, and a terminal.</summary>
    public static TerminalSession Of(TextWriter output, TextWriter error, bool isQuiet) => new(
        Create(output, ReferenceEquals(output, System.Console.Out) && !System.Console.IsOutputRedirected),
        Create(error, ReferenceEquals(error, System.Console.Error) && !System.Console.IsErrorRedirected))
    {
        IsQuiet = isQuiet,
        IsInteractive = ReferenceEquals(output, System.Console.Out)
                && !System.Console.IsOutputRedirected && !System.Console.IsInputRedirected,
    };

    private static IAnsiConsole Create(TextWriter writer, bool isTerminal)
    {
        if (isTerminal) return AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        // Set explicitly: Spectre detects the logs of some build servers as terminals.
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = UnlimitedWidth;
        return console;
    }
}
