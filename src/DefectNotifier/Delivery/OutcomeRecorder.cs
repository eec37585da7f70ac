using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Delivery;

/// <summary>
/// Writes down what came of a lane's sends. A message that went through as it should needs nobody's wait: the next one is on its way while its outcome
/// goes to the disk.
/// </summary>
internal sealed class OutcomeRecorder(IOutbox outbox, LaneReporter reporter, TimeProvider time)
{
    private readonly Queue<(Conclusion Conclusion, Task Writing)> _open = new();

    /// <summary>Called for each outcome once it is written, in order.</summary>
    public required Action<Conclusion> Settled { get; init; }

    /// <summary>Begins to write an outcome that nothing hangs on but the attempts that begin with it.</summary>
    public void Begin(Conclusion conclusion) => _open.Enqueue((conclusion, outbox.RecordAsync(conclusion.Outcome)));

    /// <summary>Writes an outcome after all those before it.</summary>
    public async Task RecordAsync(Conclusion conclusion, CancellationToken timeUp)
    {
        while (_open.Count > 0) await FinishOneAsync(timeUp);
        await FinishAsync(conclusion, outbox.RecordAsync(conclusion.Outcome), timeUp);
    }

    /// <summary>True when the attempt of a delivery is on the disk, as far as it was to begin with an outcome.</summary>
    public bool IsAttemptWritten(long deliveryId) => _open.All(open => open.Writing.IsCompletedSuccessfully || open.Conclusion.Outcome.Next?.DeliveryId != deliveryId);

    /// <summary>Waits until the attempt of a delivery is written, if one was to begin with an outcome.</summary>
    public async Task AttemptWrittenAsync(long deliveryId, CancellationToken timeUp)
    {
        while (_open.Any(open => open.Conclusion.Outcome.Next?.DeliveryId == deliveryId)) await FinishOneAsync(timeUp);
        while (_open.TryPeek(out var done) && done.Writing.IsCompletedSuccessfully) await FinishOneAsync(timeUp);
    }

    /// <summary>Waits until everything is written that can be; what can't be leaves an open attempt. Never throws.</summary>
    public async Task AbandonAsync(CancellationToken timeUp)
    {
        while (_open.Count > 0) await FinishOneAsync(timeUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private Task FinishOneAsync(CancellationToken timeUp)
    {
        var (conclusion, writing) = _open.Dequeue();
        return FinishAsync(conclusion, writing, timeUp);
    }

    // The message is out: until that is written down its delivery may not be forgotten, however long the store takes to come back.
    private async Task FinishAsync(Conclusion conclusion, Task writing, CancellationToken timeUp)
    {
        var isAgain = false;
        while (true)
        {
            try
            {
                await writing;
                break;
            }
            catch (OutboxUnavailableException error)
            {
                reporter.TellError(error);
                // Shutting down without the outcome leaves an open attempt, which the next start takes for one that may have been posted.
                timeUp.ThrowIfCancellationRequested();
                await Task.Delay(Lane.ErrorPause, time, timeUp);
                isAgain = true;
            }
            // The commit that was reported as failed stands all the same: the delivery has left the queue.
            catch (InvalidOperationException) when (isAgain)
            {
                break;
            }

            writing = outbox.RecordAsync(conclusion.Outcome);
        }

        Settled(conclusion);
    }
}
