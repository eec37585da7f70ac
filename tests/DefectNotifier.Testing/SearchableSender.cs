using System.Collections.Concurrent;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Rendering;

namespace DefectNotifier.Testing;

/// <summary>A chat that can be asked whether a message was posted; answers searches by script, then that it was not.</summary>
public sealed class SearchableSender(ScriptedSender sender, TimeProvider time) : IMessageSender, IMessageLookup
{
    private readonly ConcurrentQueue<LookupResult?> _answers = new();
    private readonly ConcurrentQueue<(string CorrelationKey, DateTimeOffset Since)> _asked = new();
    private readonly ConcurrentQueue<DateTimeOffset> _askedAt = new();

    /// <summary>What was searched for.</summary>
    public IReadOnlyList<(string CorrelationKey, DateTimeOffset Since)> Asked => [.. _asked];

    /// <summary>When, by the test's clock.</summary>
    public IReadOnlyList<DateTimeOffset> AskedAt => [.. _askedAt];

    public SearchableSender Then(LookupResult result, int times = 1)
    {
        for (var i = 0; i < times; i++) _answers.Enqueue(result);
        return this;
    }

    /// <summary>The next search gets no answer at all.</summary>
    public SearchableSender ThenHang()
    {
        _answers.Enqueue(null);
        return this;
    }

    public Task<SendResult> SendAsync(ChatMessage message, string correlationKey, CancellationToken cancellationToken) => sender.SendAsync(message, correlationKey, cancellationToken);

    public async Task<LookupResult> FindAsync(string correlationKey, string? thread, DateTimeOffset since, Func<Task> acquire, CancellationToken cancellationToken)
    {
        await acquire();
        _askedAt.Enqueue(time.GetUtcNow());
        _asked.Enqueue((correlationKey, since));
        if (!_answers.TryDequeue(out var response)) return new LookupResult(LookupStatus.NotFound);
        if (response is null) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        return response!;
    }
}
