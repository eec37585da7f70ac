using DefectNotifier.Delivery;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Commands;

/// <summary>The settings as a command needs them: read as the service reads them.</summary>
internal static class CommandSettings
{
    /// <exception cref="SettingsException">They have faults.</exception>
    public static NotifierSettings Read(string? configFile)
    {
        using var components = new ChatComponents(TimeProvider.System);
        return Read(configFile, components);
    }

    /// <summary>The same for a command that goes on with the components.</summary>
    /// <exception cref="SettingsException">They have faults.</exception>
    public static NotifierSettings Read(string? configFile, ChatComponents components)
    {
        var (configuration, faults) = SettingsSources.Load(configFile);
        return new SettingsReader(components.DestinationTypes).Read(configuration, faults);
    }

    /// <summary>For a command that needs little of them: their faults are warnings, and defaults stand in for what has some.</summary>
    /// <exception cref="SettingsException">The file that was named is not there.</exception>
    public static NotifierSettings ReadWithFaults(string? configFile, ChatComponents components)
    {
        try
        {
            return Read(configFile, components);
        }
        catch (SettingsException fault) when (configFile is null || File.Exists(configFile))
        {
            var more = fault.Faults.Count > 1 ? $" And {fault.Faults.Count - 1} more." : "";
            Terminal.Warn($"The settings have faults, and defaults stand in for those (the command check tells them all): {fault.Faults[0]}{more}");
            return fault.Settings ?? new NotifierSettings();
        }
    }

    /// <summary>The names under <c>Destinations</c>, as far as they can be read; none rather than a fault, for a shell that completes a word.</summary>
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
    /// <exception cref="CommandFault">There is none.</exception>
    public static DestinationOptions Destination(this NotifierSettings settings, string name) =>
        settings.Destinations.FirstOrDefault(candidate => string.Equals(candidate.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new CommandFault(
            $"--to: the settings have no destination '{name}'; they have {string.Join(", ", settings.Destinations.Select(candidate => candidate.Name))}."
            + Suggestion.For(name, settings.Destinations.Select(candidate => candidate.Name)));
}
