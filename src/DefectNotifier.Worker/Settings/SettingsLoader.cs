using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Worker.Settings;

/// <summary>Reads the settings as their sources have them at the moment, as often as it is asked.</summary>
/// <param name="file">The file named by the user; null: <c>appsettings.json</c> when there is one.</param>
/// <param name="types">The types of destinations.</param>
internal sealed class SettingsLoader(string? file, IReadOnlyList<IDestinationType> types)
{
    private bool _hadFile;

    /// <exception cref="SettingsException">Holds everything that is wrong with them.</exception>
    public LoadedSettings Load()
    {
        var hasFile = File.Exists(Path.GetFullPath(file ?? SettingsSources.DefaultFile));
        // Without a file everything has its default: that is for newcomers, not for a service whose file was lost.
        if (_hadFile && !hasFile) throw new SettingsException([$"{file ?? SettingsSources.DefaultFile}: the file is gone."]);
        var (configuration, errors) = SettingsSources.Load(file);
        using var sources = configuration as IDisposable;
        var loaded = LoadedSettings.Of(new SettingsReader(types).Read(configuration, errors), configuration.GetSection("Logging"));
        _hadFile = hasFile;
        return loaded;
    }
}
