using DefectNotifier.Chat.Sandbox;
using DefectNotifier.Rendering;

namespace DefectNotifier.Worker.Operations;

/// <summary>Shows each message of the sandboxes in the terminal.</summary>
internal sealed class SandboxPrinter(TextWriter terminal) : ISandboxListener
{
    private readonly Lock _lock = new();

    public void OnMessage(SandboxMessage message)
    {
        var title = $"── {message.Destination} ({(message.Platform == ChatPlatform.Slack ? "Slack" : "Microsoft Teams")}) ";
        lock (_lock)
        {
            terminal.WriteLine(title.PadRight(72, '─'));
            terminal.WriteLine(SandboxText.Of(message).TrimEnd());
            terminal.WriteLine();
            terminal.Flush();
        }
    }
}
