using DefectNotifier.Delivery;

namespace DefectNotifier.Storage;

internal sealed class StartAttemptOperation(long deliveryId, DateTimeOffset at) : LaneOperation
{
    protected override InvalidOperationException? Write(WriteSession session)
    {
        if (session.StartAttempt.RunForNumber(deliveryId, at.ToColumn()) is not { } number)
            return NotPending(deliveryId);

        // An attempt whose end could not be written, while this process lived on, is what a restart would find: it may have been posted.
        if (session.CloseEarlierAttempts.Run(deliveryId, number, at.ToColumn(), Fate.Ambiguous.Word(), SendReason.Interrupted.Word()) > 0)
            session.MarkMayBeRepeat.Run(deliveryId);
        return null;
    }
}
