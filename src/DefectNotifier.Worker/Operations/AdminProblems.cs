using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Worker.Operations;

/// <summary>Why the desk can't do what it was asked for, in words for the one who asked.</summary>
internal static class AdminProblems
{
    public static Problem UnknownDelivery(long id) => Problem.Of(StatusCodes.Status404NotFound, "unknown-delivery", $"There is no delivery {id}.");

    public static Problem UnknownEvent => Problem.Of(StatusCodes.Status404NotFound, "unknown-event", "There is no event with this id.");

    public static Problem NoMessage(long id) =>
        Problem.Of(StatusCodes.Status404NotFound, "no-message", $"No message is kept of delivery {id}: only what is dead or held, and was sent or rendered, keeps one.");

    public static Problem UnknownDestination =>
        Problem.Of(StatusCodes.Status404NotFound, "unknown-destination", "The settings have no destination of this name.");

    public static Problem NotParked(string destination) =>
        Problem.Of(StatusCodes.Status409Conflict, "not-parked", $"Destination {destination} is not parked: it goes on by itself.");

    public static Problem NotRetried(long id, DeliveryChange change) => change switch
    {
        { Status: DeliveryChangeStatus.NotFound } => UnknownDelivery(id),
        { Status: DeliveryChangeStatus.NoMessage } => Problem.Of(
            StatusCodes.Status409Conflict, "no-message", $"No message is kept of delivery {id}, so it can't be sent as it was; without that it is rendered anew."),
        { Before: DeliveryState.Pending } => WrongState($"Delivery {id} is pending: it goes out when its turn comes."),
        _ => WrongState($"Delivery {id} is delivered."),
    };

    public static Problem NotDiscarded(long id, DeliveryChange change) => change switch
    {
        { Status: DeliveryChangeStatus.NotFound } => UnknownDelivery(id),
        { Before: DeliveryState.Pending } => WrongState($"Delivery {id} is pending, and its destination may be sending it just now. Only what waits for a destination that the settings no longer have can be discarded."),
        _ => WrongState($"Delivery {id} is {change.Before!.Value.Word()}."),
    };

    private static Problem WrongState(string detail) => Problem.Of(StatusCodes.Status409Conflict, "wrong-state", detail);
}
