using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Reloading;

/// <summary>The section <c>Logging</c> as .NET's logging reads it; what a reload puts in takes effect at once.</summary>
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
