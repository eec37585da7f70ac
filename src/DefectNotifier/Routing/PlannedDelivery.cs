using System.Text.Json.Serialization;

namespace DefectNotifier.Routing;

/// <summary>One event owed to one destination.</summary>
/// <param name="Destination">The destination's name in the configuration.</param>
/// <param name="Route">The route that asked for it, from 0.</param>
/// <param name="TemplateSet">The route's template set; null for the common templates.</param>
public sealed record PlannedDelivery(string Destination, int Route, string? TemplateSet)
{
    /// <summary>How long it may fail before it is given up; null: as the settings have it.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>The destination that is told when this is given up or waits for longer than <see cref="FallbackAfter"/>; null: none.</summary>
    public string? Fallback { get; init; }

    /// <summary>How long it may wait before the fallback is told; null without one.</summary>
    public TimeSpan? FallbackAfter { get; init; }

    /// <summary>How the destination shows the defect.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public MessageMode MessageMode { get; init; }

    /// <summary>Which replies are shown in the channel too.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public BroadcastWhen Broadcast { get; init; }
}
