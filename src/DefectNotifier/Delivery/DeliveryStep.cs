using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Delivery;

/// <summary>What a lane sends next for a delivery.</summary>
/// <param name="Kind">What kind of send; null: none, because the defect's message says it already.</param>
internal sealed record DeliveryStep(SendStep? Kind)
{
    /// <summary>The event's own message, where nothing stands for its defect.</summary>
    public static DeliveryStep Plain { get; } = new(SendStep.Message);

    /// <summary>What the defect is known by; null for <see cref="Plain"/>.</summary>
    public Defect? Defect { get; init; }

    /// <summary>The defect's message as it is known by now; null: there is none.</summary>
    public MessageThread? MessageThread { get; init; }

    /// <summary>True when a reply is shown in the channel too.</summary>
    public bool IsBroadcast { get; init; }

    /// <summary>True when it notifies nobody: whom the defect's message mentions was told when it was posted first.</summary>
    public bool IsQuiet => Kind == SendStep.Update || (Kind == SendStep.Root && MessageThread is not null);

    /// <summary>True when to do it twice does no harm.</summary>
    public bool IsRepeatable => Kind == SendStep.Update;

    /// <summary>The message in whose thread it stands; null: in none.</summary>
    public string? Thread => Kind == SendStep.Reply ? MessageThread!.Root : null;

    /// <summary>What the send is recognised by. One delivery may post the defect's message and then its own, which are two sends.</summary>
    public string CorrelationKeyOf(PendingDelivery delivery) => Kind != SendStep.Root && MessageThread is not null ? delivery.CorrelationKey + "-reply" : delivery.CorrelationKey;
}
