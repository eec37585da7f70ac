namespace DefectNotifier.Worker.Settings;

/// <summary>What was read from all sources of settings at one moment, and found good.</summary>
/// <param name="Settings">Our own.</param>
/// <param name="Logging">.NET's own section <c>Logging</c>, by relative path.</param>
internal sealed record LoadedSettings(NotifierSettings Settings, IReadOnlyDictionary<string, string?> Logging)
{
    public static LoadedSettings Of(NotifierSettings settings, IConfigurationSection logging) => new(
        settings,
        logging.AsEnumerable(makePathsRelative: true).Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.OrdinalIgnoreCase));
}
