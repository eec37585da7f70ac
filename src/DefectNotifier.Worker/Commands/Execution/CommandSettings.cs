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
        return new SettingsReader(components.DestinationTypes).Read(configuration, errors);
    }

    /// <summary>
    /// For a command that needs few settings: errors are reported as a warning, and invalid settings have their defaults.
    /// </summary>
    /// <exception cref="SettingsException">The file can't be read, or the user named one that does not exist.</exception>
    public static NotifierSettings ReadWithErrors(string? configFile, ChatComponents components)
    {
        try
        {
            return Read(configFile, components);
        }
        catch (SettingsException error) when (!error.IsWithoutFile)
        {
            var more = error.Errors.Count > 1 ? $" And {error.Errors.Count - 1} more." : "";
            Output.WriteWarning($"The settings have errors, so defaults are used. Run check to see all errors. {error.Errors[0]}{more}");
            return error.Settings ?? new NotifierSettings();
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
        if (settings.Destinations.FirstOrDefault(one => string.Equals(one.Name, name, StringComparison.OrdinalIgnoreCase)) is { } found)
            return found;
        var names = settings.Destinations.Select(one => one.Name).ToList();
        var suggestion = Suggestion.For(name, names);
        throw new CommandException($"{option}: there is no destination '{name}'. Available: {string.Join(", ", names)}.{suggestion}");
    }
}
