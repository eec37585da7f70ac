using Spectre.Console;

namespace DefectNotifier.Worker.Commands;

/// <summary>
/// Where commands write for people: colours on a terminal only, none with <c>NO_COLOR</c>; where the output is piped nothing is broken into lines for a screen that is not there.
/// Text from outside goes through <see cref="TerminalText"/> and <c>Markup.Escape</c> or a <see cref="Text"/>.
/// </summary>
internal static class Terminal
{
    private const int Unbroken = 10_000;

    public static IAnsiConsole Out { get; } = Create(Console.Out, Console.IsOutputRedirected);

    public static IAnsiConsole Error { get; } = Create(Console.Error, Console.IsErrorRedirected);

    private static IAnsiConsole Create(TextWriter writer, bool isRedirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (isRedirected) console.Profile.Width = Unbroken;
        return console;
    }
}
