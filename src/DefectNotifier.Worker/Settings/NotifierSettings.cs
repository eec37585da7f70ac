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
    /// Values accepted in <c>Authorization: Bearer</c> and at the console's login. Everything is allowed with them.
    /// </summary>
    public IReadOnlyList<Secret> OperationsSecrets { get; init; } = [];

    /// <summary>Operators with a name, a secret and permissions of their own.</summary>
    public IReadOnlyList<OperatorOptions> OperationsAccess { get; init; } = [];

    /// <summary>
    /// The address under which browsers reach <see cref="OperationsUrl"/> through a proxy; accepted as Host and Origin. Null: none.
    /// </summary>
    public Uri? OperationsPublicUrl { get; init; }

    /// <summary>True, the default: the console is served below <c>/console/</c>.</summary>
    public bool IsConsoleEnabled { get; init; } = true;

    /// <summary>
    /// The outbox file; default <c>data/defect-notifier.db</c>. Not used with <see cref="OutboxConnectionString"/>.
    /// </summary>
    public string OutboxPath { get; init; } = "data/defect-notifier.db";

    /// <summary>
    /// Webhooks are refused while the outbox's disk has less free space than this, in bytes; 0: no check. Default 64 MiB.
    /// </summary>
    public long OutboxMinFreeBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>The PostgreSQL database that is the outbox, which several nodes can share; null: the outbox is a file.</summary>
    public Secret? OutboxConnectionString { get; init; }

    /// <summary>
    /// The connection for notifications, when <see cref="OutboxConnectionString"/> leads to a pooler that does not pass them on; null: the
    /// same.
    /// </summary>
    public Secret? OutboxListenConnectionString { get; init; }

    /// <summary>The schema of the outbox's tables; default <c>defect_notifier</c>.</summary>
    public string OutboxSchema { get; init; } = "defect_notifier";

    /// <summary>How long the claims of a node that does not renew them are valid; 5 s to 60 s, default 10 s.</summary>
    public TimeSpan OutboxLease { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The name under which this node is shown; default the name of the machine.</summary>
    public string OutboxNode { get; init; } = Environment.MachineName;

    /// <summary>True, the default: the service creates and upgrades the schema. False: it only checks the schema's version.</summary>
    public bool OutboxMigrate { get; init; } = true;

    public RetentionOptions Retention { get; init; } = new();

    public TemplateOptions Templates { get; init; } = new();

    public QaseOptions Qase { get; init; } = new();

    public QaseApiOptions QaseApi { get; init; } = new();

    public DeliveryOptions Delivery { get; init; } = new();

    /// <summary>The OTLP endpoint for traces and metrics; null: none are exported.</summary>
    public Uri? OtlpEndpoint { get; init; }

    public IReadOnlyList<DestinationOptions> Destinations { get; init; } = [];

    public IReadOnlyList<RouteOptions> Routes { get; init; } = [];

    /// <summary>
    /// True when operators need a secret. Without one, everything is allowed if <see cref="OperationsUrl"/> is on loopback, and only
    /// health and metrics elsewhere.
    /// </summary>
    public bool HasOperatorSecret() => OperationsSecrets.Count + OperationsAccess.Count > 0;

    /// <summary>
    /// True when a secret is missing: others than the users of this machine can reach the operations API, directly or through the proxy
    /// at <see cref="OperationsPublicUrl"/>. Only health and metrics respond then.
    /// </summary>
    public bool IsOperatorSecretMissing() =>
        !HasOperatorSecret() && (!OperationsUrl.IsLoopback || OperationsPublicUrl is { IsLoopback: false });

    /// <summary>The secret that commands send: one that allows as much as possible; null: none is set.</summary>
    public Secret? CommandSecret() => OperationsSecrets is [var first, ..]
        ? first
        : OperationsAccess.MaxBy(one => (one.May.HasFlag(Permissions.Act), one.May))?.Secret;

    /// <summary>The destination of this name, without regard to case; null: none.</summary>
    public DestinationOptions? FindDestination(string name) =>
        Destinations.FirstOrDefault(one => string.Equals(one.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>False when every destination is a sandbox, so that nothing is sent to anyone.</summary>
    public bool HasChat() => Destinations.Any(one => one.Type != "sandbox");
}
