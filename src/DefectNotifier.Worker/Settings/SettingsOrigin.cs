namespace DefectNotifier.Worker.Settings;

/// <summary>Where settings come from.</summary>
/// <param name="Path">The full path of the settings file.</param>
/// <param name="HasFile">False when there is no file at this path.</param>
/// <param name="HasDestinations">True when any source configures a destination.</param>
internal sealed record SettingsOrigin(string Path, bool HasFile, bool HasDestinations)
{
    /// <param name="file">The file named by the user; null: the default file.</param>
    /// <param name="root">What was read from all sources.</param>
    public static SettingsOrigin Of(string? file, SettingsNode root)
    {
        var path = System.IO.Path.GetFullPath(file ?? SettingsSources.DefaultFile);
        return new SettingsOrigin(path, File.Exists(path), root.GetSection("Destinations").GetChildren().Any());
    }

    public override string ToString() => (HasFile, HasDestinations) switch
    {
        (true, true) => $"Settings file: {Path}",
        (true, false) => $"Settings file: {Path}; it has no destinations, so messages are only shown here",
        (false, true) => $"No settings file at {Path}: the destinations come from environment variables and /run/secrets",
        (false, false) => $"No settings file at {Path}: messages are only shown here",
    };
}
