using DefectNotifier.Enrichment;
using DefectNotifier.Outbox.Retention;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Routing;

namespace DefectNotifier.Delivery.Sending;

/// <summary>Everything in the pipeline that a reload may change. Immutable; a reload replaces it as a whole.</summary>
public sealed record PipelineConfiguration
{
    /// <summary>A short digest of the contents: the same contents have the same version, also after a restart.</summary>
    public required string Version { get; init; }

    public required RouteTable Routes { get; init; }

    /// <summary>Renders with the templates of this version.</summary>
    public required MessageRenderer Renderer { get; init; }

    public required IReadOnlyList<Destination> Destinations { get; init; }

    public DeliveryOptions Delivery { get; init; } = new();

    public RetentionOptions Retention { get; init; } = new();

    public QaseOptions Qase { get; init; } = new();

    /// <summary>The Qase accounts from whose API names and details are requested.</summary>
    public QaseAccounts Accounts { get; init; } = QaseAccounts.None;
}
