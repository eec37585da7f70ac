using System.Collections.Concurrent;
using DefectNotifier.Delivery;
using DefectNotifier.Rendering;

namespace DefectNotifier.Testing;

/// <summary>A chat that answers what it was told to, one answer a send; good ones when the script is at its end.</summary>
public sealed class ScriptedSender(TimeProvider time) : IMessageSender
{
    private readonly ConcurrentQueue<Func<CancellationToken, Task<SendResult>>> _answers = new();
    private readonly ConcurrentQueue<(DateTimeOffset At, ChatMessage Message, string Stamp)> _sent = new();

    /// <summary>What came, with the time by the test's clock.</summary>
    public IReadOnlyList<(DateTimeOffset At, ChatMessage Message, string Stamp)> Sent => [.. _sent];

    public ScriptedSender Then(SendResult result, int times = 1)
    {
        for (var i = 0; i < times; i++) Then(_ => Task.FromResult(result));
        return this;
    }

    public ScriptedSender Then(Func<CancellationToken, Task<SendResult>> answer)
    {
        _answers.Enqueue(answer);
        return this;
    }

    public Task<SendResult> SendAsync(ChatMessage message, string stamp, CancellationToken cancellationToken)
    {
        _sent.Enqueue((time.GetUtcNow(), message, stamp));
        return _answers.TryDequeue(out var answer) ? answer(cancellationToken) : Task.FromResult(SendResult.Delivered());
    }
}
