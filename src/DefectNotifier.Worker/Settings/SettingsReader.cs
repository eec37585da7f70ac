using DefectNotifier.Delivery;
using DefectNotifier.Outbox.Retention;
using DefectNotifier.Routing;

namespace DefectNotifier.Worker.Settings;

/// <summary>Turns the configuration into <see cref="NotifierSettings"/>, or into the list of everything that is wrong with it.</summary>
internal sealed class SettingsReader(IReadOnlyList<IDestinationType> types)
{
    /// <summary>The sections at the top; <c>Logging</c> is .NET's own.</summary>
    public static readonly IReadOnlyList<string> TopLevelKeys =
        ["Ingress", "Operations", "Outbox", "Retention", "Templates", "Qase", "Delivery", "Telemetry", "Destinations", "Routes", "Logging"];

    /// <summary>What appsettings.example.json has in place of a secret.</summary>
    private const string ExampleSecret = "change-me";

    private readonly List<string> _errors = [];

    /// <exception cref="SettingsException">Holds all errors at once.</exception>
    public NotifierSettings Read(IConfiguration configuration, IEnumerable<string> earlierErrors)
    {
        _errors.Clear();
        _errors.AddRange(earlierErrors);
        SettingsSection Top(string key) => new(configuration.GetSection(key), _errors);

        var destinations = new DestinationReader(types).Read(Top("Destinations"));
        IReadOnlyList<string> names = [.. configuration.GetSection("Destinations").GetChildren().Select(child => child.Key)];
        var templates = TemplatesReader.Read(Top("Templates"));
        var (outboxPath, minFreeBytes) = ReadOutbox(Top("Outbox"));
        var (qase, qaseApi) = QaseReader.Read(Top("Qase"));
        var settings = new NotifierSettings
        {
            Ingress = ReadIngress(Top("Ingress")),
            OperationsUrl = ReadListenUrl(Top("Operations"), new NotifierSettings().OperationsUrl),
            OperationsSecrets = ReadOperationsSecrets(Top("Operations")),
            OutboxPath = outboxPath,
            OutboxMinFreeBytes = minFreeBytes,
            Retention = ReadRetention(Top("Retention")),
            Templates = templates,
            Qase = qase,
            QaseApi = qaseApi,
            Delivery = ReadDelivery(Top("Delivery"), names),
            OtlpEndpoint = ReadTelemetry(Top("Telemetry")),
            Destinations = destinations,
            Routes = new RouteReader(templates).Read(Top("Routes"), names),
        };
        CheckLogging(Top("Logging"));
        if (Collide(settings.Ingress.Url, settings.OperationsUrl))
            _errors.Add("Operations:Url: is the same address as Ingress:Url; what Qase reaches and what operators see are kept apart.");
        if (_errors.Count > 0) throw new SettingsException([.. _errors]) { Settings = settings };
        return settings.Destinations.Count > 0 ? settings : WithSandbox(settings);
    }

    // .NET itself stops with a trace at a level that it does not know, and passes over a format.
    private static void CheckLogging(SettingsSection section)
    {
        var levels = Enum.GetNames<LogLevel>();
        foreach (var (category, _) in section.Children("LogLevel"))
        {
            if (section.Text($"LogLevel:{category}") is { } level && !levels.Contains(level, StringComparer.OrdinalIgnoreCase))
                section.Error($"LogLevel:{category}", $"'{level}' is not one of {string.Join(", ", levels)}.{Suggestion.For(level, levels)}");
        }

        if (section.Text("Console:FormatterName") is { } format && format.ToLowerInvariant() is not ("simple" or "json" or "systemd"))
            section.Error("Console:FormatterName", $"'{format}' is not one of simple, json, systemd.");
    }

    private static bool Collide(Uri ingress, Uri operations) =>
        ingress.Port != 0 && ingress.Port == operations.Port && (ingress.Host == operations.Host || IsEvery(ingress) || IsEvery(operations));

    private static bool IsEvery(Uri url) => url.Host is "0.0.0.0" or "[::]";

    // Without any configuration a newcomer sees messages in the terminal.
    private static NotifierSettings WithSandbox(NotifierSettings settings) => settings with
    {
        Destinations = [new DestinationOptions { Name = "lobby", Type = "sandbox", As = "slack" }],
        Routes = [new RouteOptions { To = ["lobby"] }],
    };

    private static IngressOptions ReadIngress(SettingsSection section)
    {
        var standard = new IngressOptions();
        var ingress = new IngressOptions
        {
            Url = ReadListenUrl(section, standard.Url),
            Path = ReadPath(section, standard.Path),
            Secrets = section.Secrets("Secrets"),
            MaxBodyBytes = section.Integer("MaxBodyBytes", standard.MaxBodyBytes, 1024, 64 * 1024 * 1024),
            MaxWaiting = section.Integer("MaxWaiting", standard.MaxWaiting, 1, 100_000),
        };
        if (ingress.Secrets.Count == 0 && !ingress.Url.IsLoopback)
        {
            section.Error("Secrets", "is empty, and Ingress:Url is not on loopback: whoever reaches it could write into your channels. "
                + "Set the secret that the webhook in Qase has (Ingress__Secrets__0, or Ingress:SecretsFile), or listen on 127.0.0.1.");
        }

        if (!ingress.Url.IsLoopback && ingress.Secrets.Any(secret => secret.Reveal() == ExampleSecret))
            section.Error("Secrets", "is the one of the example, which everybody can read. Make a long random text, and give the webhook in Qase the same.");
        section.RefuseUnknown();
        return ingress;
    }

    private static IReadOnlyList<Secret> ReadOperationsSecrets(SettingsSection section)
    {
        var secrets = section.Secrets("Secrets");
        section.RefuseUnknown(["Url"]);
        if (secrets.Any(secret => secret.Reveal() == ExampleSecret))
            section.Error("Secrets", "is the one of the example, which everybody can read. Make a long random text, or leave it out on loopback.");
        return secrets;
    }

    private static Uri ReadListenUrl(SettingsSection section, Uri standard)
    {
        var text = section.Text("Url");
        if (text is null) return standard;
        // "*" and "+" are how .NET users write "every address".
        var written = text.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal);
        if (Uri.TryCreate(written, UriKind.Absolute, out var url) && url.Scheme == "http" && url.AbsolutePath == "/"
            && (url.Host == "localhost" || url.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6)) return url;
        section.Error("Url", $"'{text}' is not an address to listen on; expected http://IP:PORT, for example http://0.0.0.0:8080. TLS belongs to the proxy in front.");
        return standard;
    }

    private static string ReadPath(SettingsSection section, string standard)
    {
        var path = section.Text("Path") ?? standard;
        if (path.Length > 1 && path[0] == '/' && path[^1] != '/' && Uri.IsWellFormedUriString(path, UriKind.Relative) && !path.Contains('?')) return path;
        section.Error("Path", $"'{path}' is not a path such as {standard}.");
        return standard;
    }

    private static (string Path, long MinFreeBytes) ReadOutbox(SettingsSection section)
    {
        var standard = new NotifierSettings();
        var path = section.Text("Path") ?? standard.OutboxPath;
        var minFree = section.Bytes("MinFreeBytes", standard.OutboxMinFreeBytes, 0, 1024L * 1024 * 1024 * 1024);
        section.RefuseUnknown();
        return (path, minFree);
    }

    private static RetentionOptions ReadRetention(SettingsSection section)
    {
        var standard = new RetentionOptions();
        // A day at least: the dedup key goes with the event, and Qase sends again within hours.
        var (least, most) = (TimeSpan.FromDays(1), TimeSpan.FromDays(3650));
        var options = new RetentionOptions
        {
            Delivered = section.Duration("Delivered", standard.Delivered, least, most),
            Dead = section.Duration("Dead", standard.Dead, least, most),
            Every = section.Duration("Every", standard.Every, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
            MaxBytes = section.Bytes("MaxBytes", standard.MaxBytes, 0, long.MaxValue),
        };
        section.RefuseUnknown();
        return options;
    }

    private static DeliveryOptions ReadDelivery(SettingsSection section, IReadOnlyList<string> destinations)
    {
        var standard = new DeliveryOptions();
        var options = new DeliveryOptions
        {
            MaxAge = section.Duration("MaxAge", standard.MaxAge, TimeSpan.FromMinutes(1), TimeSpan.FromDays(365)),
            InitialBackoff = section.Duration("InitialBackoff", standard.InitialBackoff, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1)),
            MaxBackoff = section.Duration("MaxBackoff", standard.MaxBackoff, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1)),
            MaxResendDelay = section.Duration("MaxResendDelay", standard.MaxResendDelay, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1)),
            ConfirmAfter = section.Duration("ConfirmAfter", standard.ConfirmAfter, TimeSpan.Zero, TimeSpan.FromMinutes(10)),
            AlertTo = section.Destination("AlertTo", destinations),
            ParkedProbe = section.Duration("ParkedProbe", standard.ParkedProbe, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            StopWithin = section.Duration("StopWithin", standard.StopWithin, TimeSpan.Zero, TimeSpan.FromMinutes(5)),
        };
        section.RefuseUnknown();
        return options;
    }

    private static Uri? ReadTelemetry(SettingsSection section)
    {
        var endpoint = section.Url("OtlpEndpoint");
        section.RefuseUnknown();
        return endpoint;
    }
}
