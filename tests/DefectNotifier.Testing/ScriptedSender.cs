using System.Collections.Concurrent;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Rendering.Document;

namespace DefectNotifier.Testing;

/// <summary>A chat that returns scripted results, one per send; after the last one every send succeeds.</summary>
public sealed class ScriptedSender(JumpingTime time) : IMessageSender
{
    private readonly ConcurrentQueue<Func<CancellationToken, Task<SendResult>>> _results = new();
    private readonly ConcurrentQueue<(DateTimeOffset At, ChatMessage Message, string CorrelationKey)> _sent = new();

    private volatile bool _isCut;

    /// <summary>True when a send that hung was cancelled.</summary>
    public bool IsCut => _isCut;

    /// <summary>What was sent, with the time of the test's clock.</summary>
    public IReadOnlyList<(DateTimeOffset At, ChatMessage Message, string CorrelationKey)> Sent => [.. _sent];

    public ScriptedSender Then(SendResult result, int times = 1)
    {
        for (var i = 0; i < times; i++) Then(_ => Task.FromResult(result));
        return this;
    }

    public ScriptedSender Then(Func<CancellationToken, Task<SendResult>> response)
    {
        _results.Enqueue(response);
        return this;
    }

    /// <summary>The next send gets no response; it ends when it is cancelled.</summary>
    public ScriptedSender ThenHang() => Then(async token =>
    {
        await time.HangAsync(token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _isCut = true;
        token.ThrowIfCancellationRequested();
        return SendResult.Delivered();
    });

    public Task<SendResult> SendAsync(ChatMessage message, string correlationKey, CancellationToken cancellationToken)
    {
        _sent.Enqueue((time.GetUtcNow(), message, correlationKey));
        return _results.TryDequeue(out var response) ? response(cancellationToken) : Task.FromResult(SendResult.Delivered());
    }
}
