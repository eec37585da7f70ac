using System.Security.Cryptography;
using System.Text;

namespace DefectNotifier.Worker.Settings;

/// <summary>Valid settings, as they were read from all sources at one moment.</summary>
internal sealed class LoadedSettings
{
    private readonly Lazy<string> _digest;

    /// <param name="settings">The service's own settings.</param>
    /// <param name="logging">.NET's section <c>Logging</c>, by relative path.</param>
    public LoadedSettings(NotifierSettings settings, IEnumerable<KeyValuePair<string, string>> logging)
    {
        Settings = settings;
        Logging = logging.ToDictionary(pair => pair.Key, string? (pair) => pair.Value, StringComparer.OrdinalIgnoreCase);
        _digest = new Lazy<string>(ComputeDigest);
    }

    public NotifierSettings Settings { get; }

    public IReadOnlyDictionary<string, string?> Logging { get; }

    /// <summary>A digest of all settings, including the secrets: compared, and never shown.</summary>
    public string Digest => _digest.Value;

    public static LoadedSettings Of(NotifierSettings settings, IConfigurationSection logging) => new(
        settings,
        from pair in logging.AsEnumerable(makePathsRelative: true)
        where pair.Value is not null
        select KeyValuePair.Create(pair.Key, pair.Value));

    /// <summary>The same <c>Logging</c> with other settings.</summary>
    public LoadedSettings With(NotifierSettings settings) =>
        new(settings, Logging.Select(pair => KeyValuePair.Create(pair.Key, pair.Value!)));

    private string ComputeDigest()
    {
        var logging = Logging.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}");
        var text = string.Join('\n', [SettingsJson.WithSecrets(Settings).ToJsonString(), .. logging]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
