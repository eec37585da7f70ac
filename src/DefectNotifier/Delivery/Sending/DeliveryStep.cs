using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Delivery.Sending;

/// <summary>
/// What a lane sends next for a delivery. A delivery may take several steps: update the defect's message, then reply in its thread.
/// </summary>
/// <param name="Kind">What kind of send; null: none, because the defect's message shows the event already.</param>
internal sealed record DeliveryStep(SendStep? Kind)
{
    /// <summary>The event's own message, independent of any other message about its defect.</summary>
    public static DeliveryStep Plain { get; } = new(SendStep.Message);

    /// <summary>What is known of the defect; null for <see cref="Plain"/>.</summary>
    public Defect? Defect { get; init; }

    /// <summary>The defect's message before this step; null: there is none.</summary>
    public MessageThread? MessageThread { get; init; }

    /// <summary>The message that is updated, or replied to; null: none.</summary>
    public string? Target { get; init; }

    /// <summary>For a digest: 0 for its message in the channel, otherwise the number of the reply in its thread.</summary>
    public int Page { get; init; }

    /// <summary>True when a reply is also shown in the channel.</summary>
    public bool IsBroadcast { get; init; }

    /// <summary>True when it must not notify anyone: the people that the message mentions were notified when it was first posted.</summary>
    public bool IsQuiet => Kind == SendStep.Update || (Kind == SendStep.RootMessage && MessageThread is { PostedBy: not 0 });

    /// <summary>True when sending it twice does no harm.</summary>
    public bool IsRepeatable => Kind == SendStep.Update;

    /// <summary>The message in whose thread it is posted; null: it is posted in the channel.</summary>
    public string? Thread => Kind == SendStep.Reply ? Target : null;

    /// <summary>
    /// Identifies the send in the chat. One delivery may post a message and then replies, each of which is a send of its own.
    /// </summary>
    public string CorrelationKeyOf(PendingDelivery delivery) => this switch
    {
        { Page: > 0 } => $"{delivery.CorrelationKey}-reply{Page}",
        { Kind: not SendStep.RootMessage, MessageThread: not null } => delivery.CorrelationKey + "-reply",
        _ => delivery.CorrelationKey,
    };
}
