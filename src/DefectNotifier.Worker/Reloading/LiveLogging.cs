using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Reloading;

/// <summary>Provides the section <c>Logging</c> to .NET's logging; a reload changes it at once.</summary>
internal sealed class LiveLogging : ConfigurationProvider, IConfigurationSource
{
    public LiveLogging(LoadedSettings first) => Set(first);

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public void Replace(LoadedSettings loaded)
    {
        Set(loaded);
        OnReload();
    }

    private void Set(LoadedSettings loaded) => Data = new Dictionary<string, string?>(loaded.Logging, StringComparer.OrdinalIgnoreCase);
}
