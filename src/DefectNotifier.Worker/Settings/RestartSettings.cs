namespace DefectNotifier.Worker.Settings;

/// <summary>The settings that are used only at the start: addresses, and the outbox. A reload does not change them.</summary>
internal static class RestartSettings
{
    private static readonly (string Path, Func<NotifierSettings, object?> Value)[] All =
    [
        ("Ingress:Url", settings => settings.Ingress.Url),
        ("Ingress:MaxBodyBytes", settings => settings.Ingress.MaxBodyBytes),
        ("Ingress:MaxWaiting", settings => settings.Ingress.MaxWaiting),
        ("Ingress:MaxWaitingBytes", settings => settings.Ingress.MaxWaitingBytes),
        ("Operations:Url", settings => settings.OperationsUrl),
        ("Outbox:Path", settings => settings.OutboxPath),
        ("Outbox:MinFreeBytes", settings => settings.OutboxMinFreeBytes),
        ("Outbox:ConnectionString", settings => settings.OutboxConnectionString?.Reveal()),
        ("Outbox:ListenConnectionString", settings => settings.OutboxListenConnectionString?.Reveal()),
        ("Outbox:Schema", settings => settings.OutboxSchema),
        ("Outbox:Lease", settings => settings.OutboxLease),
        ("Outbox:Node", settings => settings.OutboxNode),
        ("Outbox:Migrate", settings => settings.OutboxMigrate),
        ("Telemetry:OtlpEndpoint", settings => settings.OtlpEndpoint),
    ];

    /// <summary>The paths whose values differ.</summary>
    public static IReadOnlyList<string> Differing(NotifierSettings running, NotifierSettings wanted) =>
        [.. All.Where(setting => !Equals(setting.Value(running), setting.Value(wanted))).Select(setting => setting.Path)];

    /// <summary>The wanted settings with these values as they run.</summary>
    public static NotifierSettings Keep(NotifierSettings running, NotifierSettings wanted) => wanted with
    {
        Ingress = wanted.Ingress with
        {
            Url = running.Ingress.Url,
            MaxBodyBytes = running.Ingress.MaxBodyBytes,
            MaxWaiting = running.Ingress.MaxWaiting,
            MaxWaitingBytes = running.Ingress.MaxWaitingBytes,
        },
        OperationsUrl = running.OperationsUrl,
        OutboxPath = running.OutboxPath,
        OutboxMinFreeBytes = running.OutboxMinFreeBytes,
        OutboxConnectionString = running.OutboxConnectionString,
        OutboxListenConnectionString = running.OutboxListenConnectionString,
        OutboxSchema = running.OutboxSchema,
        OutboxLease = running.OutboxLease,
        OutboxNode = running.OutboxNode,
        OutboxMigrate = running.OutboxMigrate,
        OtlpEndpoint = running.OtlpEndpoint,
    };

    /// <summary>
    /// Errors that only the result of <see cref="Keep"/> can have: the wanted settings were validated with other addresses.
    /// </summary>
    public static IEnumerable<string> ErrorsOf(NotifierSettings kept)
    {
        var url = kept.Ingress.Url;
        if (kept.Ingress.IsOpen && !url.IsLoopback)
            yield return $"Ingress:Secrets: is empty, and until a restart the service listens at {url}, which is not on loopback.";
    }
}
