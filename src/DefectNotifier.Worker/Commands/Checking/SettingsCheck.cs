using DefectNotifier.Delivery.Sending;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Commands.Checking;

/// <summary>Reads the settings as the service does, and goes on where that would give up: as much as could be read is looked at as well.</summary>
internal sealed class SettingsCheck(IReadOnlyList<IDestinationType> types)
{
    public List<Finding> Findings { get; } = [];

    /// <summary>What could be read; null when it is no settings file.</summary>
    public NotifierSettings? Settings { get; private set; }

    /// <summary>The destinations without an error.</summary>
    public IReadOnlyList<DestinationOptions> GoodDestinations { get; private set; } = [];

    /// <param name="configFile">The file that the user named; null: the standard one.</param>
    /// <param name="templates">In place of <c>Templates:Path</c>; null: as the settings have it.</param>
    public SettingsCheck Read(string? configFile, string? templates)
    {
        IConfigurationRoot configuration;
        IReadOnlyList<string> errors;
        try
        {
            (configuration, errors) = SettingsSources.Load(configFile);
        }
        catch (SettingsException error)
        {
            Findings.AddRange(error.Errors.Select(text => OfFile(text, configFile ?? SettingsSources.DefaultFile)));
            return this;
        }

        if (templates is not null) configuration["Templates:Path"] = templates;
        try
        {
            Settings = new SettingsReader(types).Read(configuration, errors);
            errors = [];
        }
        catch (SettingsException error)
        {
            (Settings, errors) = (error.Settings, error.Errors);
        }

        Findings.AddRange(errors.Select(OfSetting));
        if (Settings is not null) Style(Settings, configuration, [.. errors.Select(error => error.Split(": ")[0])]);
        return this;
    }

    private void Style(NotifierSettings settings, IConfiguration configuration, string[] faulty)
    {
        bool IsFaulty(string path) => faulty.Any(error => string.Equals(error, path, StringComparison.OrdinalIgnoreCase) || error.StartsWith(path + ":", StringComparison.OrdinalIgnoreCase));

        var hasChats = settings.Destinations.Any(one => one.Type != "sandbox");
        if (hasChats && settings.Ingress.Secrets.Count == 0 && settings.Ingress.Url.IsLoopback)
            Findings.Add(FindingCode.NoSecret.At("Ingress:Secrets", "There is none: whoever reaches the proxy in front, or this machine, can write into your channels.", "Set the secret that the webhook in Qase has (Ingress__Secrets__0)."));
        if (settings.OperationsSecrets.Count == 0 && !settings.OperationsUrl.IsLoopback)
            Findings.Add(FindingCode.NoSecret.At("Operations:Secrets", "There is none, and Operations:Url is not on loopback: whoever reaches it can read the messages.", "Set one (Operations__Secrets__0), or listen on 127.0.0.1."));
        Findings.AddRange(QaseCheck.Check(settings.QaseApi));
        GoodDestinations = [.. settings.Destinations.Where(one => !IsFaulty($"Destinations:{one.Name}"))];
        Findings.AddRange(new DestinationCheck(types, configuration).Check(settings, GoodDestinations));
        Findings.AddRange(RouteCheck.Check([.. settings.Routes.Select((route, index) => IsFaulty($"Routes:{index}") ? null : route)]));
    }

    // "Path: what is wrong. Did you mean 'x'?"
    private static Finding OfSetting(string error)
    {
        var (path, message) = error.Split(": ", 2) is [var before, var after] ? (before, after) : ("", error);
        var at = message.IndexOf(" Did you mean", StringComparison.Ordinal);
        return FindingCode.Setting.At(path, at < 0 ? message : message[..at], at < 0 ? null : message[at..]);
    }

    // "appsettings.json:3:7: what is wrong."
    private static Finding OfFile(string error, string file) =>
        error.Split(": ", 2) is [var place, var message] ? FindingCode.SettingsFile.At(place, message) : FindingCode.SettingsFile.At(file, error);
}
