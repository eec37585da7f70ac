using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox.Retention;
using DefectNotifier.Routing;

namespace DefectNotifier.Worker.Settings;

/// <summary>Turns the configuration into <see cref="NotifierSettings"/>, or reports all its errors.</summary>
/// <param name="types">Validate the destinations.</param>
/// <param name="problemOfConnection">What is wrong with a connection string, without any of its values; null: nothing.</param>
internal sealed class SettingsReader(IReadOnlyList<IDestinationType> types, Func<string, string?> problemOfConnection)
{
    /// <summary>The top-level sections; <c>Logging</c> is .NET's own.</summary>
    public static readonly IReadOnlyList<string> TopLevelKeys =
    [
        "Ingress", "Operations", "Console", "Outbox", "Retention", "Templates", "Qase", "Delivery", "Telemetry", "Destinations", "Routes",
        "Logging",
    ];

    private static readonly string[] AccessPaths =
    [
        "Operations:Url:", "Operations:Secret", "Operations:Access:",
        "Outbox:Path:", "Outbox:ConnectionString", "Outbox:Schema:", "Outbox:Migrate:",
    ];

    private static readonly DestinationOptions[] Sandbox = [new DestinationOptions { Name = "lobby", Type = "sandbox", As = "slack" }];

    private readonly List<string> _errors = [];

    /// <exception cref="SettingsException">Holds all errors together.</exception>
    public NotifierSettings Read(SettingsNode root, IEnumerable<string> earlierErrors)
    {
        _errors.Clear();
        _errors.AddRange(earlierErrors);
        SettingsSection Top(string key) => new(root.GetSection(key), _errors);

        var destinations = new DestinationReader(types).Read(Top("Destinations"));
        IReadOnlyList<string> names = [.. root.GetSection("Destinations").GetChildren().Select(child => child.Key)];
        var templates = TemplatesReader.Read(Top("Templates"));
        var (qase, qaseApi) = QaseReader.Read(Top("Qase"));
        var settings = new NotifierSettings
        {
            Ingress = IngressReader.Read(Top("Ingress")),
            Retention = ReadRetention(Top("Retention")),
            Templates = templates,
            Qase = qase,
            QaseApi = qaseApi,
            Delivery = ReadDelivery(Top("Delivery"), names),
            OtlpEndpoint = ReadTelemetry(Top("Telemetry")),
            Destinations = destinations,
            Routes = new RouteReader(templates).Read(Top("Routes"), names),
        };
        settings = OutboxReader.Read(Top("Outbox"), settings, problemOfConnection);
        settings = OperationsReader.Read(Top("Operations"), Top("Console"), settings);
        CheckLogging(Top("Logging"));
        CheckSecrets(settings, names.Count);
        if (AreSameAddress(settings.Ingress.Url, settings.OperationsUrl))
            _errors.Add("Operations:Url: is the same address as Ingress:Url; webhooks and operations need separate addresses.");
        if (_errors.Count > 0) throw new SettingsException([.. _errors]) { Settings = settings };
        return settings.Destinations.Count > 0 ? settings : WithSandbox(settings);
    }

    /// <summary>The errors in the addresses, secrets and paths that give a command access to the service or to its outbox.</summary>
    public IReadOnlyList<string> AccessErrorsOf(SettingsNode root)
    {
        var errors = new List<string>();
        SettingsSection Top(string key) => new(root.GetSection(key), errors);

        _ = OperationsReader.Read(Top("Operations"), Top("Console"), new NotifierSettings());
        _ = OutboxReader.Read(Top("Outbox"), new NotifierSettings(), problemOfConnection);
        return [.. errors.Where(IsAccessError)];
    }

    /// <summary>True for an error in one of these addresses, secrets and paths.</summary>
    public static bool IsAccessError(string error) =>
        AccessPaths.Any(path => error.StartsWith(path, StringComparison.OrdinalIgnoreCase));

    /// <summary>True when the settings have no destination, so that messages are shown in the terminal.</summary>
    public static bool IsSandbox(NotifierSettings settings) => ReferenceEquals(settings.Destinations, Sandbox);

    // .NET throws at an unknown level, and ignores an unknown format.
    private static void CheckLogging(SettingsSection section)
    {
        var levels = Enum.GetNames<LogLevel>();
        foreach (var (category, _) in section.Section("LogLevel").Children())
        {
            var key = $"LogLevel:{category}";
            if (section.Text(key) is { } level && !levels.Contains(level, StringComparer.OrdinalIgnoreCase))
                section.ErrorNotOneOf(key, level, levels);
        }

        if (section.Text("Console:FormatterName") is { } format && format.ToLowerInvariant() is not ("simple" or "json" or "systemd"))
            section.Error("Console:FormatterName", $"'{format}' is not one of simple, json, systemd.");
    }

    private static bool AreSameAddress(Uri ingress, Uri operations) =>
        ingress.Port != 0 && ingress.Port == operations.Port
        && (ingress.Host == operations.Host || IsAnyAddress(ingress) || IsAnyAddress(operations));

    private static bool IsAnyAddress(Uri url) => url.Host is "0.0.0.0" or "[::]";

    // Without any configuration, messages are shown in the terminal.
    private static NotifierSettings WithSandbox(NotifierSettings settings) => settings with
    {
        Destinations = Sandbox,
        Routes = [new RouteOptions { To = [.. Sandbox.Select(one => one.Name)] }],
    };

    // A proxy in front of a loopback address can't be seen, so only the destinations decide whether a weak secret does harm.
    private void CheckSecrets(NotifierSettings settings, int destinations)
    {
        if (!settings.HasChat() && settings.Destinations.Count == destinations) return;
        _errors.AddRange(AcceptedSecrets.FindWeak(settings).Select(weak => $"{weak.Path}: {weak.Problem} {weak.Advice}"));
    }

    private static RetentionOptions ReadRetention(SettingsSection section)
    {
        var defaults = new RetentionOptions();
        // At least a day: the dedup key is deleted with the event, and Qase repeats a webhook for hours.
        var (min, max) = (TimeSpan.FromDays(1), TimeSpan.FromDays(3650));
        var options = new RetentionOptions
        {
            Delivered = section.Duration("Delivered", defaults.Delivered, min, max),
            Dead = section.Duration("Dead", defaults.Dead, min, max),
            Every = section.Duration("Every", defaults.Every, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
            MaxBytes = section.Bytes("MaxBytes", defaults.MaxBytes, 0, long.MaxValue),
        };
        section.RejectUnknownKeys();
        return options;
    }

    private static DeliveryOptions ReadDelivery(SettingsSection section, IReadOnlyList<string> destinations)
    {
        var defaults = new DeliveryOptions();
        var (min, hour) = (TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1));
        var options = new DeliveryOptions
        {
            MaxAge = section.Duration("MaxAge", defaults.MaxAge, TimeSpan.FromMinutes(1), TimeSpan.FromDays(365)),
            InitialBackoff = section.Duration("InitialBackoff", defaults.InitialBackoff, min, hour),
            MaxBackoff = section.Duration("MaxBackoff", defaults.MaxBackoff, min, hour),
            MaxResendDelay = section.Duration("MaxResendDelay", defaults.MaxResendDelay, min, hour),
            ConfirmAfter = section.Duration("ConfirmAfter", defaults.ConfirmAfter, TimeSpan.Zero, TimeSpan.FromMinutes(10)),
            BreakDuration = section.Duration(
                "BreakDuration", defaults.BreakDuration, TimeSpan.FromMilliseconds(500), TimeSpan.FromHours(1)),
            AlertTo = section.Destination("AlertTo", destinations),
            ParkedProbe = section.Duration("ParkedProbe", defaults.ParkedProbe, TimeSpan.FromSeconds(1), hour),
            StopWithin = section.Duration("StopWithin", defaults.StopWithin, TimeSpan.Zero, TimeSpan.FromMinutes(5)),
        };
        section.RejectUnknownKeys();
        return options;
    }

    private static Uri? ReadTelemetry(SettingsSection section)
    {
        var endpoint = section.Url("OtlpEndpoint");
        section.RejectUnknownKeys();
        return endpoint;
    }
}
