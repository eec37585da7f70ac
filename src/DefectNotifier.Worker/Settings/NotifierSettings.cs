using DefectNotifier.Delivery;
using DefectNotifier.Outbox.Retention;
using DefectNotifier.Rendering;
using DefectNotifier.Routing;
using DefectNotifier.Sqlite;

namespace DefectNotifier.Worker.Settings;

/// <summary>The whole configuration, read and found good.</summary>
internal sealed record NotifierSettings
{
    public IngressOptions Ingress { get; init; } = new();

    /// <summary>Health, metrics, history and operators' words over deliveries; default <c>http://127.0.0.1:8081</c>.</summary>
    public Uri OperationsUrl { get; init; } = new("http://127.0.0.1:8081");

    /// <summary>Values accepted in <c>Authorization: Bearer</c> at <see cref="OperationsUrl"/>; without any nobody is asked, and beyond loopback nothing can be changed.</summary>
    public IReadOnlyList<Secret> OperationsSecrets { get; init; } = [];

    /// <summary>The outbox's file; default <c>data/defect-notifier.db</c>.</summary>
    public string OutboxPath { get; init; } = "data/defect-notifier.db";

    /// <summary>The room that the outbox keeps on its disk, in bytes; 0: none. Default 8 MiB.</summary>
    public long OutboxMinFreeBytes { get; init; } = SqliteOutboxOptions.DefaultMinFreeBytes;

    public RetentionOptions Retention { get; init; } = new();

    public TemplateOptions Templates { get; init; } = new();

    public QaseOptions Qase { get; init; } = new();

    public QaseApiOptions QaseApi { get; init; } = new();

    public DeliveryOptions Delivery { get; init; } = new();

    /// <summary>Where traces and metrics are pushed to; null: nowhere.</summary>
    public Uri? OtlpEndpoint { get; init; }

    public IReadOnlyList<DestinationOptions> Destinations { get; init; } = [];

    public IReadOnlyList<RouteOptions> Routes { get; init; } = [];
}
