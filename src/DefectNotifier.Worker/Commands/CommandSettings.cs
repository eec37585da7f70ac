using DefectNotifier.Delivery.Sending;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Commands;

/// <summary>The settings as a command needs them: read as the service reads them.</summary>
internal static class CommandSettings
{
    /// <exception cref="SettingsException">They have errors.</exception>
    public static NotifierSettings Read(string? configFile)
    {
        using var components = new ChatComponents(TimeProvider.System);
        return Read(configFile, components);
    }

    /// <summary>The same for a command that goes on with the components.</summary>
    /// <exception cref="SettingsException">They have errors.</exception>
    public static NotifierSettings Read(string? configFile, ChatComponents components)
    {
        var (configuration, errors) = SettingsSources.Load(configFile);
        return new SettingsReader(components.DestinationTypes).Read(configuration, errors);
    }

    /// <summary>For a command that needs little of them: their errors are warnings, and defaults stand in for what has some.</summary>
    /// <exception cref="SettingsException">The file that was named is not there.</exception>
    public static NotifierSettings ReadWithErrors(string? configFile, ChatComponents components)
    {
        try
        {
            return Read(configFile, components);
        }
        catch (SettingsException error) when (configFile is null || File.Exists(configFile))
        {
            var more = error.Errors.Count > 1 ? $" And {error.Errors.Count - 1} more." : "";
            Terminal.WriteWarning($"The settings have errors, and defaults stand in for those (the command check tells them all): {error.Errors[0]}{more}");
            return error.Settings ?? new NotifierSettings();
        }
    }

    /// <summary>The names under <c>Destinations</c>, as far as they can be read; none rather than an error, for a shell that completes a word.</summary>
    public static IEnumerable<string> DestinationNames(string? configFile)
    {
        try
        {
            return [.. SettingsSources.Load(configFile).Configuration.GetSection("Destinations").GetChildren().Select(child => child.Key)];
        }
        catch (SettingsException)
        {
            return [];
        }
    }

    /// <summary>The destination of this name.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public static DestinationOptions Destination(this NotifierSettings settings, string name) =>
        settings.Destinations.FirstOrDefault(candidate => string.Equals(candidate.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new CommandException(
            $"--to: the settings have no destination '{name}'; they have {string.Join(", ", settings.Destinations.Select(candidate => candidate.Name))}."
            + Suggestion.For(name, settings.Destinations.Select(candidate => candidate.Name)));
}
