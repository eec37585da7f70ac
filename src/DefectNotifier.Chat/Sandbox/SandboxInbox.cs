using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Sandbox;

/// <summary>The latest messages of all sandbox destinations, in memory. Thread-safe.</summary>
/// <param name="time">The clock of <see cref="SandboxMessage.ReceivedAt"/>.</param>
/// <param name="listener">Notified of each message; null: no listener.</param>
public sealed class SandboxInbox(TimeProvider time, ISandboxListener? listener = null)
{
    /// <summary>The number of messages that are kept; a new message removes the oldest one.</summary>
    public const int Capacity = 100;

    private readonly Lock _lock = new();
    private readonly Queue<SandboxMessage> _messages = new(Capacity);

    // Messages that can be changed and replied to: by then an update or a reply may have removed the message itself from the list.
    private readonly Queue<string> _roots = new(Capacity);

    /// <summary>A snapshot, the oldest message first.</summary>
    public IReadOnlyList<SandboxMessage> Messages
    {
        get
        {
            lock (_lock)
                return [.. _messages];
        }
    }

    /// <summary>Adds a message and returns its reference, which no other message of any process has.</summary>
    internal string Add(string destination, ChatMessage message, SandboxMessageKind kind, string? root)
    {
        var received = new SandboxMessage(destination, message.Platform, time.GetUtcNow(), message.Json)
        {
            Reference = Guid.NewGuid().ToString("N"),
            Kind = kind,
            Root = root,
        };
        lock (_lock)
        {
            if (_messages.Count == Capacity)
                _messages.Dequeue();

            _messages.Enqueue(received);
            if (root is null)
            {
                if (_roots.Count == Capacity) _roots.Dequeue();
                _roots.Enqueue(received.Reference);
            }
        }

        // Outside the lock: a slow terminal must not block readers of the inbox.
        listener?.OnMessage(received);
        return received.Reference;
    }

    /// <summary>True when the message can be changed and replied to.</summary>
    internal bool Has(string reference)
    {
        lock (_lock) return _roots.Contains(reference);
    }
}

/// <summary>Notified of each message that a sandbox receives, for example to print it.</summary>
public interface ISandboxListener
{
    /// <summary>
    /// Called after the message was added to the inbox, on the lane that sent it, possibly by several lanes at once. Must be quick and must
    /// not throw.
    /// </summary>
    void OnMessage(SandboxMessage message);
}

/// <summary>A message that a sandbox received in place of a chat.</summary>
/// <param name="Destination">The destination's name in the settings.</param>
/// <param name="Platform">The simulated chat, whose JSON the message is.</param>
/// <param name="ReceivedAt">When it was received.</param>
/// <param name="Json">Exactly what the chat would receive, UTF-8.</param>
public sealed record SandboxMessage(string Destination, ChatPlatform Platform, DateTimeOffset ReceivedAt, ReadOnlyMemory<byte> Json)
{
    /// <summary>Identifies it.</summary>
    public string Reference { get; init; } = "";

    public SandboxMessageKind Kind { get; init; }

    /// <summary>The message that this one changes or replies to; null: none.</summary>
    public string? Root { get; init; }
}

/// <summary>What a message does in a channel.</summary>
public enum SandboxMessageKind
{
    /// <summary>It is posted in the channel.</summary>
    Message,

    /// <summary>It replaces an earlier message.</summary>
    Update,

    /// <summary>It is posted in the thread of an earlier message.</summary>
    Reply,
}
