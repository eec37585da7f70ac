using DefectNotifier.Delivery.Sending;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Linting;

/// <summary>
/// Reads the settings as the service does, but continues after errors, so that everything that could be read is checked too.
/// </summary>
internal sealed class SettingsCheck(IReadOnlyList<IDestinationType> types, SettingsReader reader)
{
    private const string QaseHost = "qase.io";

    public List<Finding> Findings { get; } = [];

    /// <summary>The settings, as far as they could be read; null when the file is not valid JSON.</summary>
    public NotifierSettings? Settings { get; private set; }

    /// <summary>What was read, for people, when it is not a settings file.</summary>
    public string? Note { get; private set; }

    /// <summary>The destinations without an error.</summary>
    public IReadOnlyList<DestinationOptions> ValidDestinations { get; private set; } = [];

    public SettingsCheck Read(string? configFile, string? templates)
    {
        SettingsNode configuration;
        IReadOnlyList<string> errors;
        try
        {
            (configuration, errors) = SettingsSources.Load(configFile);
        }
        catch (SettingsException error)
        {
            Findings.AddRange(error.Errors.Select(text => FileFinding(text, configFile ?? SettingsSources.DefaultFile)));
            return this;
        }

        var origin = SettingsOrigin.Of(configFile, configuration);
        if (!origin.HasFile) CheckMissing(origin);
        if (templates is not null) configuration["Templates:Path"] = templates;
        try
        {
            Settings = reader.Read(configuration, errors);
            errors = [];
        }
        catch (SettingsException error)
        {
            (Settings, errors) = (error.Settings, error.Errors);
        }

        Findings.AddRange(errors.Select(SettingFinding));
        if (Settings is not null) Check(Settings, configuration, [.. errors.Select(error => error.Split(": ")[0])]);
        return this;
    }

    // A container may be configured by environment variables and /run/secrets alone. Without destinations there is nothing to check.
    private void CheckMissing(SettingsOrigin origin)
    {
        if (origin.HasDestinations) Note = $"{origin}.";
        else
        {
            Findings.Add(FindingCode.SettingsFile.At(
                origin.Path,
                "There is no settings file, and no other source configures a destination: there is nothing to check.",
                "Run this in the folder of appsettings.json, or pass --config FILE."));
        }
    }

    private void Check(NotifierSettings settings, SettingsNode configuration, string[] errorPaths)
    {
        bool HasError(string path) => errorPaths.Any(error =>
            string.Equals(error, path, StringComparison.OrdinalIgnoreCase) || error.StartsWith(
                path + ":", StringComparison.OrdinalIgnoreCase));

        // Without a secret, the service only starts when Ingress:Url is a loopback address.
        if (settings.HasChat() && settings.Ingress.IsOpen && settings.Ingress.Url.IsLoopback)
        {
            Findings.Add(FindingCode.NoSecret.At(
                "Ingress:Secrets",
                "No secret is configured: anyone who can reach this machine, or the proxy in front of it, can post to your channels.",
                "Set the secret of the webhook in Qase (Ingress__Secrets__0)."));
        }

        if (settings.IsOperatorSecretMissing())
        {
            Findings.Add(FindingCode.NoSecret.At(
                "Operations:Secrets",
                "No secret is configured, and Operations:Url or PublicUrl is not a loopback address: only /health and /metrics respond.",
                "Set a secret (Operations__Secrets__0) for the console and the commands, or listen on 127.0.0.1."));
        }

        Findings.AddRange(SecretFindings.Of(settings).Where(finding => !HasError(finding.Place)));
        Findings.AddRange(CheckQase(settings.QaseApi));
        ValidDestinations = [.. settings.Destinations.Where(one => !HasError($"Destinations:{one.Name}"))];
        Findings.AddRange(new DestinationCheck(types, configuration).Check(settings, ValidDestinations));
        Findings.AddRange(RouteCheck.Check([.. settings.Routes.Select((route, index) => HasError($"Routes:{index}") ? null : route)]));
    }

    // The tokens would be sent to a host that is not Qase's.
    private static IEnumerable<Finding> CheckQase(QaseApiOptions options)
    {
        if (options.Token is not null && ForeignHostOf(options.ApiUrl) is { } host) yield return ForeignHost("Qase:ApiUrl", host);
        foreach (var workspace in options.Workspaces)
        {
            if (ForeignHostOf(workspace.ApiUrl) is { } other) yield return ForeignHost($"Qase:Workspaces:{workspace.Name}:ApiUrl", other);
        }
    }

    private static Finding ForeignHost(string path, string host) => FindingCode.ForeignHost.At(
        path,
        $"The host {host} is not one of Qase's: its owner receives the token.",
        $"Qase's hosts are api.{QaseHost} and api-COMPANY.{QaseHost}. A gateway of your own is fine.");

    // Loopback is allowed for local tests.
    private static string? ForeignHostOf(Uri address)
    {
        var host = address.IdnHost.ToLowerInvariant();
        return address.IsLoopback || host == QaseHost || host.EndsWith("." + QaseHost, StringComparison.Ordinal) ? null : host;
    }

    // "Path: what is wrong. Did you mean 'x'?"
    private static Finding SettingFinding(string error)
    {
        var (path, message) = error.Split(": ", 2) is [var before, var after] ? (before, after) : ("", error);
        var at = message.IndexOf(" Did you mean", StringComparison.Ordinal);
        return FindingCode.Setting.At(path, at < 0 ? message : message[..at], at < 0 ? null : message[at..]);
    }

    // "appsettings.json:3:7: what is wrong."
    private static Finding FileFinding(string error, string file) => error.Split(": ", 2) is [var place, var message]
        ? FindingCode.SettingsFile.At(place, message)
        : FindingCode.SettingsFile.At(file, error);
}
