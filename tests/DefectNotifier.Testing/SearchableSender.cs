using System.Collections.Concurrent;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Rendering.Document;

namespace DefectNotifier.Testing;

/// <summary>A chat with lookups. It returns scripted results, then that the message was not posted.</summary>
public sealed class SearchableSender(ScriptedSender sender, JumpingTime time) : IMessageSender, IMessageLookup
{
    private readonly ConcurrentQueue<LookupResult?> _results = new();
    private readonly ConcurrentQueue<(string CorrelationKey, DateTimeOffset Since)> _asked = new();
    private readonly ConcurrentQueue<DateTimeOffset> _askedAt = new();

    /// <summary>The lookups.</summary>
    public IReadOnlyList<(string CorrelationKey, DateTimeOffset Since)> Asked => [.. _asked];

    /// <summary>Their times by the test's clock.</summary>
    public IReadOnlyList<DateTimeOffset> AskedAt => [.. _askedAt];

    public SearchableSender Then(LookupResult result, int times = 1)
    {
        for (var i = 0; i < times; i++) _results.Enqueue(result);
        return this;
    }

    /// <summary>The next lookup gets no response.</summary>
    public SearchableSender ThenHang()
    {
        _results.Enqueue(null);
        return this;
    }

    public Task<SendResult> SendAsync(ChatMessage message, string correlationKey, CancellationToken cancellationToken) =>
        sender.SendAsync(message, correlationKey, cancellationToken);

    public async Task<LookupResult> FindAsync(
        string correlationKey, string? thread, DateTimeOffset since, Func<Task> acquire, CancellationToken cancellationToken)
    {
        await acquire();
        _askedAt.Enqueue(time.GetUtcNow());
        _asked.Enqueue((correlationKey, since));
        if (!_results.TryDequeue(out var response)) return new LookupResult(LookupStatus.NotFound);
        if (response is null) await time.HangAsync(cancellationToken);
        return response!;
    }
}
