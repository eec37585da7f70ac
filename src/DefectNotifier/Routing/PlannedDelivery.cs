using System.Text.Json.Serialization;

namespace DefectNotifier.Routing;

/// <summary>One event to deliver to one destination.</summary>
/// <param name="Destination">The destination's name in the configuration.</param>
/// <param name="Route">The index of the route whose settings it has, from 0; <see cref="NoRoute"/>: none.</param>
/// <param name="TemplateSet">The route's template set; null for the default templates.</param>
public sealed record PlannedDelivery(string Destination, int Route, string? TemplateSet)
{
    public const int NoRoute = -1;

    /// <summary>Updates the message of the defect, even when no route matches.</summary>
    public static PlannedDelivery Refresh(string destination) => new(destination, NoRoute, TemplateSet: null)
    {
        Kind = DeliveryKind.Refresh,
        MessageMode = MessageMode.Update,
    };

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public DeliveryKind Kind { get; init; }

    /// <summary>How long it may be retried before it is given up; null for <c>Delivery:MaxAge</c>.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>
    /// The destination that is notified when this delivery is given up or waits longer than <see cref="FallbackAfter"/>; null for none.
    /// </summary>
    public string? Fallback { get; init; }

    /// <summary>How long it may wait before the fallback is notified; null without a fallback.</summary>
    public TimeSpan? FallbackAfter { get; init; }

    /// <summary>How the destination shows the defect.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public MessageMode MessageMode { get; init; }

    /// <summary>Which replies in the thread are also shown in the channel.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public BroadcastWhen Broadcast { get; init; }

    /// <summary>
    /// How long its defect joins the message of an earlier one with the same title; null: the defect has a message of its own.
    /// </summary>
    [JsonIgnore]
    public TimeSpan? RepeatWithin { get; init; }

    /// <summary>Which deliveries of the destination it goes before.</summary>
    [JsonIgnore]
    public DeliveryPriority Priority { get; init; } = DeliveryPriority.Normal;

    /// <summary>True when it may become part of a digest.</summary>
    [JsonIgnore]
    public bool MayDigest { get; init; }

    /// <summary>Why and until when it is not sent; null: it is sent at once.</summary>
    [JsonIgnore]
    public Deferral? Deferral { get; init; }
}

/// <summary>Why a delivery is not sent at once.</summary>
/// <param name="Until">When the quiet hours end; the time of acceptance when only a silence defers it.</param>
/// <param name="SilenceId">The silence that defers it; null: only quiet hours do.</param>
/// <param name="IsDiscarded">True when the silence discards what it matches.</param>
public sealed record Deferral(DateTimeOffset Until, long? SilenceId = null, bool IsDiscarded = false);

/// <summary>
/// The order in which a destination sends; equal priorities are sent in the order of acceptance. Where digests are off, every delivery is
/// <see cref="Normal"/>. The numbers are stored: never renumber.
/// </summary>
public enum DeliveryPriority
{
    /// <summary>Its severity, or that of a later event of its defect, is one of <see cref="DigestOptions.Always"/>.</summary>
    Urgent = 0,

    Normal = 1,

    /// <summary>It only changes a message, which notifies no one.</summary>
    Silent = 2,
}

/// <summary>Why a destination gets a delivery, and what it may post. The numbers are stored: never renumber.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeliveryKind>))]
public enum DeliveryKind
{
    /// <summary>A route takes the event.</summary>
    [JsonStringEnumMemberName("routed")]
    Routed = 0,

    /// <summary>No route takes the event, but its defect was announced in the destination.</summary>
    [JsonStringEnumMemberName("follow")]
    Follow = 1,

    /// <summary>The destination's message of the defect is updated. Nothing is posted.</summary>
    [JsonStringEnumMemberName("refresh")]
    Refresh = 2,

    /// <summary>The defect is announced after its events, because Qase's API reported a severity that a route takes.</summary>
    [JsonStringEnumMemberName("announcement")]
    Announcement = 3,

    /// <summary>The message that combines other deliveries of the destination.</summary>
    [JsonStringEnumMemberName("digest")]
    Digest = 4,
}
