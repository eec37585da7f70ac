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
            MessageWriter.WriteTitle(terminal, message.Destination, message.Platform, NoteOf(message.Kind));
            MessageWriter.Write(terminal, message.Platform, message.Json);
            terminal.Profile.Out.Writer.WriteLine();
            terminal.Profile.Out.Writer.Flush();
        }
    }

    private static string NoteOf(SandboxMessageKind kind) => kind switch
    {
        SandboxMessageKind.Update => "the message is updated",
        SandboxMessageKind.Reply => "a reply in the thread",
        _ => "",
    };
}
