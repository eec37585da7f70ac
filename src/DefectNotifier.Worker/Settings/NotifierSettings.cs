using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox.Retention;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Routing;

namespace DefectNotifier.Worker.Settings;

/// <summary>All settings of the service, read and validated.</summary>
internal sealed record NotifierSettings
{
    public IngressOptions Ingress { get; init; } = new();

    /// <summary>The address of health, metrics, history and outbox administration; default <c>http://127.0.0.1:8081</c>.</summary>
    public Uri OperationsUrl { get; init; } = new("http://127.0.0.1:8081");

    /// <summary>
    /// Values accepted in <c>Authorization: Bearer</c> at <see cref="OperationsUrl"/>. When empty, everyone may read, and changes are
    /// accepted on loopback only.
    /// </summary>
    public IReadOnlyList<Secret> OperationsSecrets { get; init; } = [];

    /// <summary>The outbox file; default <c>data/defect-notifier.db</c>.</summary>
    public string OutboxPath { get; init; } = "data/defect-notifier.db";

    /// <summary>
    /// Webhooks are refused while the outbox's disk has less free space than this, in bytes; 0: no check. Default 64 MiB.
    /// </summary>
    public long OutboxMinFreeBytes { get; init; } = 64 * 1024 * 1024;

    public RetentionOptions Retention { get; init; } = new();

    public TemplateOptions Templates { get; init; } = new();

    public QaseOptions Qase { get; init; } = new();

    public QaseApiOptions QaseApi { get; init; } = new();

    public DeliveryOptions Delivery { get; init; } = new();

    /// <summary>The OTLP endpoint for traces and metrics; null: none are exported.</summary>
    public Uri? OtlpEndpoint { get; init; }

    public IReadOnlyList<DestinationOptions> Destinations { get; init; } = [];

    public IReadOnlyList<RouteOptions> Routes { get; init; } = [];

    /// <summary>False when every destination is a sandbox, so that nothing is sent to anyone.</summary>
    public bool HasChat() => Destinations.Any(one => one.Type != "sandbox");
}
