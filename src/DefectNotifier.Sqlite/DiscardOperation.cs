using DefectNotifier.Outbox;

namespace DefectNotifier.Sqlite;

internal sealed class DiscardOperation(long deliveryId, bool alsoPending, DateTimeOffset at) : ChangeOperation(deliveryId)
{
    protected override DeliveryChangeStatus Judge(DeliveryState state, bool isMessageKept) => OperatorRules.Discard(state, alsoPending);

    protected override void Write(WriteSession session)
    {
        session.Discard.Run(DeliveryId, at.ToColumn());
        session.NoteWord.Run(DeliveryId, at.ToColumn(), OperatorAction.Discard);
    }
}
