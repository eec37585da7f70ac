using DefectNotifier.Rendering.Document;

namespace DefectNotifier.Chat.Sandbox;

/// <summary>The last messages of all sandbox destinations, in memory. Safe for use by many threads.</summary>
/// <param name="time">The clock of <see cref="SandboxMessage.ReceivedAt"/>.</param>
/// <param name="listener">Told of each message; null: nobody is.</param>
public sealed class SandboxInbox(TimeProvider time, ISandboxListener? listener = null)
{
    /// <summary>How many messages are kept; the oldest makes room for the next.</summary>
    public const int Capacity = 100;

    private readonly Lock _lock = new();
    private readonly Queue<SandboxMessage> _messages = new(Capacity);

    /// <summary>A copy of what is kept at this moment, the oldest first.</summary>
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

        // Outside the lock: a slow terminal must not keep others from reading the inbox.
        listener?.OnMessage(received);
    }
}
