using DefectNotifier.Outbox;

namespace DefectNotifier.Sqlite;

internal sealed class RetryOperation(long deliveryId, bool asRendered, DateTimeOffset at) : ChangeOperation(deliveryId)
{
    protected override DeliveryChangeStatus Judge(DeliveryState state, bool isMessageKept) =>
        OperatorRules.Retry(state, asRendered, isMessageKept);

    protected override void Write(WriteSession session)
    {
        session.PutBack.Run(DeliveryId, asRendered ? 1 : 0);
        session.NoteWord.Run(DeliveryId, at.ToColumn(), asRendered ? OperatorAction.RetryAsRendered : OperatorAction.Retry);
    }
}
