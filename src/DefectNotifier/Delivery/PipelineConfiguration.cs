using DefectNotifier.Enrichment;
using DefectNotifier.Outbox.Retention;
using DefectNotifier.Rendering;
using DefectNotifier.Routing;

namespace DefectNotifier.Delivery;

/// <summary>Everything in the pipeline that may change while it runs. Immutable; a reload exchanges it as one.</summary>
public sealed record PipelineConfiguration
{
    /// <summary>A short name made of the contents: the same contents have the same one, also after a restart.</summary>
    public required string Version { get; init; }

    public required RouteTable Routes { get; init; }

    /// <summary>With the templates of this version.</summary>
    public required MessageRenderer Renderer { get; init; }

    public required IReadOnlyList<Destination> Destinations { get; init; }

    public DeliveryOptions Delivery { get; init; } = new();

    public RetentionOptions Retention { get; init; } = new();

    public QaseOptions Qase { get; init; } = new();

    /// <summary>Who in Qase is asked for names and details.</summary>
    public QaseAccounts Accounts { get; init; } = QaseAccounts.None;
}
