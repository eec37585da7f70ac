using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Http;
using DefectNotifier.Worker.Settings;
using DefectNotifier.Worker.Terminal;
using static Microsoft.AspNetCore.Http.StatusCodes;

namespace DefectNotifier.Worker.Operations;

/// <summary>Why a request to <see cref="IOutboxAdmin"/> can't be carried out.</summary>
internal static class AdminProblems
{
    public static Problem UnknownDelivery(long id) => Problem.Of(Status404NotFound, "unknown-delivery", $"There is no delivery {id}.");

    public static Problem UnknownEvent => Problem.Of(Status404NotFound, "unknown-event", "There is no event with this id.");

    public static Problem NoMessage(long id) => Problem.Of(
        Status404NotFound,
        "no-message",
        $"No message is stored for delivery {id}, and none can be rendered: its destination is not configured any more.");

    public static Problem TooManyPreviews => Problem.Of(
        Status429TooManyRequests, "too-many-previews", $"{MessageReader.MaxAtOnce} messages are being rendered. Try again in a moment.");

    public static Problem UnknownDestination(string name, IReadOnlyCollection<string> known) =>
        Problem.Of(Status404NotFound, "unknown-destination", NoDestination(name, known));

    /// <summary>Names the destinations that there are. The unknown name is not repeated: it may contain anything.</summary>
    public static string NoDestination(string name, IReadOnlyCollection<string> known) => known.Count == 0
        ? "There is no destination of this name, and no other."
        : $"There is no destination of this name. Available: {string.Join(", ", known)}.{Suggestion.For(name, known)}";

    public static Problem NotParked(string destination) =>
        Problem.Of(Status409Conflict, "not-parked", $"Destination {destination} is not parked, so there is nothing to resume.");

    public static Problem NotRetried(long id, DeliveryChange change) => change switch
    {
        { Status: DeliveryChangeStatus.NotFound } => UnknownDelivery(id),
        { Status: DeliveryChangeStatus.NoMessage } => Problem.Of(
            Status409Conflict,
            "no-message",
            $"No message is stored for delivery {id}, so it can't be sent as it was. Retry without that option to render it again."),
        { Before: DeliveryState.Pending } => WrongState($"Delivery {id} is pending; it will be sent without a retry."),
        { Before: DeliveryState.Deferred } => WrongState(
            $"Delivery {id} is deferred; it is sent without a retry when its quiet hours or silence end (silence expire ends a silence)."),
        { Before: DeliveryState.Digested } => WrongState(
            $"Delivery {id} is part of a digest: retry the digest's delivery (outbox show {id} shows its id)."),
        _ => WrongState($"Delivery {id} is already delivered, so it can't be retried."),
    };

    public static Problem NotDiscarded(long id, DeliveryChange change) => change switch
    {
        { Status: DeliveryChangeStatus.NotFound } => UnknownDelivery(id),
        { Before: DeliveryState.Pending } => WrongState(
            $"Delivery {id} is pending, and may be in progress. A pending delivery can be discarded only when its destination was removed "
            + "from the settings."),
        { Before: DeliveryState.Digested } => WrongState($"Delivery {id} is part of a digest, so it can't be discarded on its own."),
        _ => WrongState($"Delivery {id} is already {change.Before!.Value.Word()}, so it can't be discarded."),
    };

    public static Problem UnknownSilence(long id) => Problem.Of(
        Status404NotFound, "unknown-silence", $"There is no silence {id}. Run silence list --all to see all numbers.");

    public static Problem SilenceEnded(Silence silence) =>
        Problem.Of(Status409Conflict, "silence-ended", $"Silence {silence.Id} ended at {TimeText.Of(silence.EndsAt)}.");

    public static Problem TooManySilences => Problem.Of(
        Status409Conflict,
        "too-many-silences",
        $"There are {ISilences.MaxCurrent} silences that have not ended, which is the maximum. Expire some of them first.");

    private static Problem WrongState(string detail) => Problem.Of(Status409Conflict, "wrong-state", detail);
}
