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
}
