using System.Text.Json.Serialization;

namespace DefectNotifier.Routing;

/// <summary>One event to deliver to one destination.</summary>
/// <param name="Destination">The destination's name in the configuration.</param>
/// <param name="Route">The index of the route that planned it, from 0.</param>
/// <param name="TemplateSet">The route's template set; null for the default templates.</param>
public sealed record PlannedDelivery(string Destination, int Route, string? TemplateSet)
{
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
