using System.Security.Cryptography;
using System.Text;

namespace DefectNotifier.Worker.Settings;

/// <summary>Valid settings, as they were read from all sources at one moment.</summary>
internal sealed class LoadedSettings(NotifierSettings settings, IReadOnlyDictionary<string, string?> logging)
{
    public NotifierSettings Settings => settings;

    /// <summary>.NET's section <c>Logging</c>, by relative path.</summary>
    public IReadOnlyDictionary<string, string?> Logging => logging;

    /// <summary>Where they come from; null: they are those of a command.</summary>
    public SettingsOrigin? Origin { get; init; }

    /// <summary>A hash of all settings, including the secrets: compared, and never shown.</summary>
    public string Digest { get; } = DigestOf(settings, logging);

    public static LoadedSettings Of(NotifierSettings settings, IConfigurationSection logging) => new(
        settings,
        logging.AsEnumerable(makePathsRelative: true).Where(pair => pair.Value is not null)
            .ToDictionary(StringComparer.OrdinalIgnoreCase));

    /// <summary>The same <c>Logging</c> with other settings.</summary>
    public LoadedSettings With(NotifierSettings other) => new(other, logging) { Origin = Origin };

    private static string DigestOf(NotifierSettings settings, IReadOnlyDictionary<string, string?> logging)
    {
        var pairs = logging.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}");
        var text = string.Join('\n', [SettingsJson.WithSecrets(settings).ToJsonString(), .. pairs]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
