using DefectNotifier.Chat.Sandbox;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Worker.Terminal;
using Spectre.Console;

namespace DefectNotifier.Worker.Commands.Serving;

/// <summary>
/// Shows the two channels of the demo. During the story it collects what the sandboxes receive, and shows each channel as it is after an
/// event. Afterwards it prints each message when it arrives.
/// </summary>
internal sealed class DemoScreen(IAnsiConsole terminal) : ISandboxListener
{
    private const int Width = 96;

    private readonly Lock _lock = new();
    private readonly SandboxPrinter _printer = new(terminal);
    private readonly List<SandboxMessage> _received = [];
    private volatile bool _isLive;

    // How many of the bot's messages were shown.
    private int _shown;

    /// <summary>How many messages a channel has received.</summary>
    public int CountIn(string channel)
    {
        lock (_lock) return _received.Count(message => message.Destination == channel);
    }

    public void OnMessage(SandboxMessage message)
    {
        if (_isLive) _printer.OnMessage(message);
        else
        {
            lock (_lock) _received.Add(message);
        }
    }

    /// <summary>From now on each message is printed when it arrives.</summary>
    public void GoLive() => _isLive = true;

    /// <summary>The heading of one event.</summary>
    public static void WriteEvent(int number, int of, DemoStory story)
    {
        Output.WriteLine($"── {number} of {of}: {story.Event} ".PadRight(Width, '─'), new Style(Color.Aqua));
        Output.WriteLine(story.What);
        Output.WriteLine("");
    }

    /// <summary>The message of a bot as it is now, with its thread.</summary>
    public void WriteThread(string channel, string title)
    {
        SandboxMessage[] messages;
        lock (_lock) messages = [.. _received.Where(message => message.Destination == channel)];
        if (messages.LastOrDefault(message => message.Kind != SandboxMessageKind.Reply) is not { } shown) return;
        var replies = messages.Where(message => message.Kind == SandboxMessageKind.Reply).ToList();
        WriteTitle($"{title}: {ChangeOf(messages[_shown..])}");
        _shown = messages.Length;
        MessageWriter.Write(terminal, shown.Platform, shown.Json, "   │ ", Width);
        var count = replies.Count == 1 ? "1 reply" : $"{replies.Count} replies";
        if (replies.Count > 0) Output.WriteLine($"   │ Thread, {count}:", TerminalStyle.Good);
        foreach (var reply in replies) MessageWriter.Write(terminal, reply.Platform, reply.Json, "   │   │ ", Width);
        Output.WriteLine("");
    }

    /// <summary>The last message of a channel whose messages do not change.</summary>
    public void WriteLast(string channel, string title)
    {
        SandboxMessage last;
        lock (_lock) last = _received.Last(message => message.Destination == channel);
        WriteTitle($"{title}: a new card");
        MessageWriter.Write(terminal, ChatPlatform.Teams, last.Json, "   │ ", Width);
        Output.WriteLine("");
    }

    private static string ChangeOf(IReadOnlyList<SandboxMessage> news)
    {
        bool Has(SandboxMessageKind kind) => news.Any(message => message.Kind == kind);
        var reply = Has(SandboxMessageKind.Reply) ? ", with a reply in its thread" : "";
        return Has(SandboxMessageKind.Message) ? "a new message"
            : Has(SandboxMessageKind.Update) ? $"the same message, updated in place{reply}"
            : $"the same message{reply}";
    }

    private static void WriteTitle(string title) => Output.WriteLine($"   {title}", new Style(decoration: Decoration.Bold));
}
