using DefectNotifier.Outbox;

namespace DefectNotifier.Sqlite;

/// <summary>An operation that has no answer but "done". It may turn out to be a bug of the caller, which then stops only the caller.</summary>
internal abstract class LaneOperation : WriteOperation
{
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private InvalidOperationException? _bug;

    public Task Done => _end.Task;

    public sealed override void Execute(WriteSession session) => _bug = Write(session);

    public sealed override void Complete()
    {
        if (_bug is null)
            _end.TrySetResult();
        else
            _end.TrySetException(_bug);
    }

    public sealed override void Fail(string detail, Exception? error) =>
        _end.TrySetException(error is null ? new OutboxUnavailableException(detail) : new OutboxUnavailableException(detail, error));

    /// <summary>Writes, or answers with the caller's bug: the others in the transaction go on, and what it has written itself before stands.</summary>
    protected abstract InvalidOperationException? Write(WriteSession session);

    protected static InvalidOperationException NotPending(long deliveryId) => new($"Delivery {deliveryId} is not pending.");

    /// <summary>False when the delivery is not pending; then nothing was written.</summary>
    protected static bool TryStartAttempt(WriteSession session, long deliveryId, DateTimeOffset at, SendStep step)
    {
        if (session.FindNextNumber.RunForNumber(deliveryId) is not { } number) return false;

        session.StartAttempt.Run(deliveryId, number, at.ToColumn(), step.Word());
        // An attempt whose end could not be written, while this process lived on, is what a restart would find: it may have been posted.
        if (number == 1) return true;
        session.MarkMayBeRepeat.Run(deliveryId, number);
        session.CloseEarlierAttempts.Run(deliveryId, number, at.ToColumn(), SendOutcome.Ambiguous.Word(), SendReason.Interrupted.Word());
        return true;
    }

    protected static void Save(WriteSession session, LaneState lane) => session.SaveLane.Run(
        lane.Destination, lane.NotBefore.ToColumn(), lane.HeldAt.ToColumn(), lane.HoldReason?.Word(), lane.HoldCount, lane.Failures, lane.FailingSince.ToColumn(),
        lane.ParkedReason?.Word(), lane.ParkedAt.ToColumn(), lane.ParkedSettings);
}
