using System.Collections.Concurrent;
using DefectNotifier.Delivery;
using DefectNotifier.Rendering;

namespace DefectNotifier.Testing;

/// <summary>A chat that can be asked whether a message was posted; answers searches by script, then that it was not.</summary>
public sealed class SearchableSender(ScriptedSender sender, TimeProvider time) : IMessageSender, IMessageLookup
{
    private readonly ConcurrentQueue<LookupResult?> _answers = new();
    private readonly ConcurrentQueue<(string Stamp, DateTimeOffset Since)> _asked = new();
    private readonly ConcurrentQueue<DateTimeOffset> _askedAt = new();

    /// <summary>What was searched for.</summary>
    public IReadOnlyList<(string Stamp, DateTimeOffset Since)> Asked => [.. _asked];

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

    public Task<SendResult> SendAsync(ChatMessage message, string stamp, CancellationToken cancellationToken) => sender.SendAsync(message, stamp, cancellationToken);

    public async Task<LookupResult> FindAsync(string stamp, string? thread, DateTimeOffset since, Func<Task> takeTurn, CancellationToken cancellationToken)
    {
        await takeTurn();
        _askedAt.Enqueue(time.GetUtcNow());
        _asked.Enqueue((stamp, since));
        if (!_answers.TryDequeue(out var answer)) return new LookupResult(LookupStatus.NotFound);
        if (answer is null) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        return answer!;
    }
}
