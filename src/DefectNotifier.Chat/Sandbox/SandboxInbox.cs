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

    /// <summary>A snapshot, the oldest message first.</summary>
    public IReadOnlyList<SandboxMessage> Messages
    {
        get
        {
            lock (_lock)
                return [.. _messages];
        }
    }

    internal void Add(string destination, ChatMessage message)
    {
        var received = new SandboxMessage(destination, message.Platform, time.GetUtcNow(), message.Json);
        lock (_lock)
        {
            if (_messages.Count == Capacity)
                _messages.Dequeue();

            _messages.Enqueue(received);
        }

        // Outside the lock: a slow terminal must not block readers of the inbox.
        listener?.OnMessage(received);
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
public sealed record SandboxMessage(string Destination, ChatPlatform Platform, DateTimeOffset ReceivedAt, ReadOnlyMemory<byte> Json);
