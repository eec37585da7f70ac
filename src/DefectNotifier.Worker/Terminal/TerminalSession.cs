using Spectre.Console;

namespace DefectNotifier.Worker.Terminal;

/// <summary>The outputs of one run of the program.</summary>
internal sealed record TerminalSession(IAnsiConsole Out, IAnsiConsole Error)
{
    /// <summary>Wider than any line.</summary>
    public const int Unbroken = 10_000;

    public bool IsQuiet { get; init; }

    /// <summary>True when a person sits there who can be asked.</summary>
    public bool CanAsk { get; init; }

    /// <param name="output">For results; with colours only when it is the process's own and a terminal.</param>
    /// <param name="error">For errors; the same.</param>
    /// <param name="isQuiet">Whether only the bare result is wanted.</param>
    public static TerminalSession Of(TextWriter output, TextWriter error, bool isQuiet) => new(
        Create(output, ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected),
        Create(error, ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected))
    {
        IsQuiet = isQuiet,
        CanAsk = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected && !Console.IsInputRedirected,
    };

    private static IAnsiConsole Create(TextWriter writer, bool isTerminal)
    {
        if (isTerminal) return AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        // Told outright: Spectre takes the logs of some build servers for terminals.
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = Unbroken;
        return console;
    }
}
