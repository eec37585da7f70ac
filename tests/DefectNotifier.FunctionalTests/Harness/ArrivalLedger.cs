using System.Collections.Concurrent;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>Every message that arrived, in order, and nothing else of it: made for many.</summary>
internal sealed class ArrivalLedger
{
    private readonly Lock _lock = new();
    private readonly List<Arrival> _arrivals = [];
    private readonly ConcurrentDictionary<OwedMessage, TaskCompletionSource> _arrived = new();

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

    /// <summary>Ends when the message has arrived.</summary>
    public Task ArrivedAsync(OwedMessage message) => SourceOf(message).Task;

    private TaskCompletionSource SourceOf(OwedMessage message) =>
        _arrived.GetOrAdd(message, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
