namespace DefectNotifier.Worker.Settings;

/// <summary>The settings that are used once, at the start: where it listens, which file it holds. A reload leaves them as they are.</summary>
internal static class RestartSettings
{
    private static readonly (string Path, Func<NotifierSettings, object?> Value)[] All =
    [
        ("Ingress:Url", settings => settings.Ingress.Url),
        ("Ingress:MaxBodyBytes", settings => settings.Ingress.MaxBodyBytes),
        ("Ingress:MaxWaiting", settings => settings.Ingress.MaxWaiting),
        ("Operations:Url", settings => settings.OperationsUrl),
        ("Outbox:Path", settings => settings.OutboxPath),
        ("Outbox:MinFreeBytes", settings => settings.OutboxMinFreeBytes),
        ("Telemetry:OtlpEndpoint", settings => settings.OtlpEndpoint),
    ];

    /// <summary>The paths at which the two differ.</summary>
    public static IReadOnlyList<string> Differing(NotifierSettings running, NotifierSettings wanted) =>
        [.. All.Where(setting => !Equals(setting.Value(running), setting.Value(wanted))).Select(setting => setting.Path)];

    /// <summary>What can be in force now: the wanted settings, with these as they run.</summary>
    public static NotifierSettings Keep(NotifierSettings running, NotifierSettings wanted) => wanted with
    {
        Ingress = wanted.Ingress with { Url = running.Ingress.Url, MaxBodyBytes = running.Ingress.MaxBodyBytes, MaxWaiting = running.Ingress.MaxWaiting },
        OperationsUrl = running.OperationsUrl,
        OutboxPath = running.OutboxPath,
        OutboxMinFreeBytes = running.OutboxMinFreeBytes,
        OtlpEndpoint = running.OtlpEndpoint,
    };

    /// <summary>Errors that only the mixture has: the wanted settings were found good for other addresses.</summary>
    public static IEnumerable<string> ErrorsOf(NotifierSettings kept)
    {
        if (kept.Ingress.Secrets.Count == 0 && !kept.Ingress.Url.IsLoopback)
            yield return $"Ingress:Secrets: is empty, and until a restart the service listens at {kept.Ingress.Url}, which is not on loopback.";
    }
}
