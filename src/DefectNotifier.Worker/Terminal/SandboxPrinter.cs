using DefectNotifier.Chat.Sandbox;
using Spectre.Console;

namespace DefectNotifier.Worker.Terminal;

/// <summary>Writes each message that a sandbox destination receives to the terminal.</summary>
internal sealed class SandboxPrinter(IAnsiConsole terminal) : ISandboxListener
{
    private readonly Lock _lock = new();

    public void OnMessage(SandboxMessage message)
    {
        lock (_lock)
        {
            MessageWriter.WriteTitle(terminal, message.Destination, message.Platform);
            MessageWriter.Write(terminal, message.Platform, message.Json);
            terminal.Profile.Out.Writer.WriteLine();
            terminal.Profile.Out.Writer.Flush();
        }
    }
}
