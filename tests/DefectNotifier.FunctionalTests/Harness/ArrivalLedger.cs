using System.Collections.Concurrent;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>Identifies one message: an event of a defect in one destination.</summary>
/// <param name="Destination">The destination.</param>
/// <param name="Defect">The defect's number; no two projects share one.</param>
/// <param name="Event"><c>created</c>, <c>updated</c> or <c>resolved</c>.</param>
internal readonly record struct MessageKey(string Destination, int Defect, string Event);

/// <summary>One message that a chat received.</summary>
/// <param name="Message">The message.</param>
/// <param name="MayBeRepeat">True when it says that it may be a repeat.</param>
/// <param name="Door">The address at which it came; see <see cref="FastChat"/>.</param>
/// <param name="At">When.</param>
internal readonly record struct Arrival(MessageKey Message, bool MayBeRepeat, int Door, DateTimeOffset At);

/// <summary>All messages that arrived, in order. Keeps only their keys, because there are many.</summary>
internal sealed class ArrivalLedger
{
    private readonly Lock _lock = new();
    private readonly List<Arrival> _arrivals = [];
    private readonly ConcurrentDictionary<MessageKey, TaskCompletionSource> _arrived = new();

    public IReadOnlyList<Arrival> All
    {
        get
        {
            lock (_lock)
                return [.. _arrivals];
        }
    }

    public void Add(Arrival arrival)
    {
        lock (_lock)
            _arrivals.Add(arrival);
        SourceOf(arrival.Message).TrySetResult();
    }

    /// <summary>Completes when the message has arrived.</summary>
    public Task ArrivedAsync(MessageKey message) => SourceOf(message).Task;

    private TaskCompletionSource SourceOf(MessageKey message) =>
        _arrived.GetOrAdd(message, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
