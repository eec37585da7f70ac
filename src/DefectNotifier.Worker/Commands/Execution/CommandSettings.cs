using DefectNotifier.Delivery.Sending;
using DefectNotifier.Worker.Hosting;
using DefectNotifier.Worker.Settings;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Execution;

/// <summary>Reads the settings for a command, in the same way as the service.</summary>
internal static class CommandSettings
{
    /// <exception cref="SettingsException">The settings have errors.</exception>
    public static NotifierSettings Read(string? configFile)
    {
        using var components = new ChatComponents(TimeProvider.System);
        return Read(configFile, components);
    }

    /// <summary>The same for a command that needs the components afterwards. The templates replace <c>Templates:Path</c>.</summary>
    /// <exception cref="SettingsException">The settings have errors.</exception>
    public static NotifierSettings Read(string? configFile, ChatComponents components, string? templates = null)
    {
        var (configuration, errors) = SettingsSources.Load(configFile);
        if (templates is not null) configuration["Templates:Path"] = templates;
        return components.NewSettingsReader().Read(configuration, errors);
    }

    /// <summary>
    /// For a command that needs few settings: errors are reported as a warning, and invalid settings have their defaults.
    /// </summary>
    /// <exception cref="SettingsException">The file can't be read, or the user named one that does not exist.</exception>
    public static NotifierSettings ReadWithErrors(string? configFile, ChatComponents components)
    {
        var (root, errors) = LoadWithErrors(configFile);
        return ReadWithErrors(root, errors, components).Settings;
    }

    /// <summary>
    /// For a command that works on the service or on its outbox: only the settings for that must be valid. Other errors are reported as a
    /// warning.
    /// </summary>
    /// <param name="configFile">The file; null: the default one.</param>
    /// <param name="components">The destination types.</param>
    /// <param name="needsAccess">False: errors in the settings for the access are a warning too.</param>
    /// <exception cref="SettingsException">The settings for the access have errors, or the file that the user named is missing.</exception>
    public static AccessSettings ReadForAccess(string? configFile, ChatComponents components, bool needsAccess = true)
    {
        var (root, errors) = LoadWithErrors(configFile);
        var accessErrors = components.NewSettingsReader().AccessErrorsOf(root);
        if (needsAccess && accessErrors.Count > 0) throw new SettingsException(accessErrors);
        return ReadWithErrors(root, errors, components) with { HasAccessErrors = accessErrors.Count > 0 };
    }

    private static AccessSettings ReadWithErrors(SettingsNode root, IReadOnlyList<string> errors, ChatComponents components)
    {
        try
        {
            return new AccessSettings(components.NewSettingsReader().Read(root, errors), HasErrors: false);
        }
        catch (SettingsException error)
        {
            Output.WriteWarning(error.Errors.Count == 1
                ? "The settings have an error; this command works with the rest."
                : $"The settings have {error.Errors.Count} errors; this command works with the rest. Run check to see all errors.");
            Output.WriteWarning($"  {error.Errors.FirstOrDefault(SettingsReader.IsAccessError) ?? error.Errors[0]}");
            return new AccessSettings(error.Settings!, HasErrors: true);
        }
    }

    // A file that can't be read is an error like others.
    private static (SettingsNode Root, IReadOnlyList<string> Errors) LoadWithErrors(string? configFile)
    {
        try
        {
            return SettingsSources.Load(configFile);
        }
        catch (SettingsException error) when (!error.IsFileMissing)
        {
            const string Without = "None of the file's settings are used, only environment variables, secret files and defaults.";
            return (SettingsSources.LoadWithoutFile(), [$"{error.Errors[0]} {Without}"]);
        }
    }

    /// <summary>The names under <c>Destinations</c>, for shell completion; empty when the settings can't be read.</summary>
    public static IEnumerable<string> DestinationNames(string? configFile)
    {
        try
        {
            return [.. SettingsSources.Load(configFile).Root.GetSection("Destinations").GetChildren().Select(child => child.Key)];
        }
        catch (SettingsException)
        {
            return [];
        }
    }

    /// <exception cref="CommandException">There is no folder that <c>--templates</c> names.</exception>
    public static void RequireFolder(string? templates)
    {
        if (templates is not null && !Directory.Exists(templates))
            throw new CommandException($"--templates: there is no folder '{templates}'.");
    }

    /// <summary>The destination that an option names.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public static DestinationOptions Destination(this NotifierSettings settings, string name, string option = "--to")
    {
        RequireDestination(name, [.. settings.Destinations.Select(one => one.Name)], option);
        return settings.FindDestination(name)!;
    }

    /// <exception cref="CommandException">The option names none of these destinations.</exception>
    public static void RequireDestination(string name, IReadOnlyList<string> names, string option)
    {
        if (names.Contains(name, StringComparer.OrdinalIgnoreCase)) return;
        var available = names.Count == 0 ? "The settings have none." : $"Available: {string.Join(", ", names)}.";
        throw new CommandException($"{option}: there is no destination '{name}'. {available}{Suggestion.For(name, names)}");
    }
}

/// <summary>Settings that are enough for access to the service or to its outbox.</summary>
/// <param name="Settings">Invalid settings have their defaults.</param>
/// <param name="HasErrors">True when settings are invalid, so destinations may be missing.</param>
internal sealed record AccessSettings(NotifierSettings Settings, bool HasErrors)
{
    /// <summary>True when the settings for the access have errors, so that the service can't be asked.</summary>
    public bool HasAccessErrors { get; init; }
}
