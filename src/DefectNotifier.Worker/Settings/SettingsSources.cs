using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration.Json;

namespace DefectNotifier.Worker.Settings;

/// <summary>Where settings come from, later ones win: the JSON file, key-per-file secrets, environment variables.</summary>
internal static partial class SettingsSources
{
    public const string DefaultFile = "appsettings.json";

    /// <summary>Where container platforms mount secrets, one file a key: <c>/run/secrets/Destinations__web-qa__Token</c>.</summary>
    private const string SecretsFolder = "/run/secrets";

    /// <param name="file">The file named by the user, which must exist; null: <c>appsettings.json</c> when there is one.</param>
    /// <exception cref="SettingsException">The file is missing or is not JSON.</exception>
    public static (IConfigurationRoot Configuration, IReadOnlyList<string> Errors) Load(string? file)
    {
        var path = Path.GetFullPath(file ?? DefaultFile);
        if (file is not null && !File.Exists(path)) throw new SettingsException([$"--config: there is no file '{file}'."]);
        try
        {
            var configuration = new ConfigurationBuilder()
                .AddJsonFile(path, optional: true, reloadOnChange: false)
                .AddKeyPerFile(SecretsFolder, optional: true)
                .AddEnvironmentVariables()
                .Build();
            using var sources = configuration as IDisposable;
            return (new ConfigurationRoot([new SettingsTree(configuration.Providers)]), UnknownSections(configuration.Providers.OfType<JsonConfigurationProvider>().Single()));
        }
        catch (Exception error) when (error is InvalidDataException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw new SettingsException([ErrorOf(file ?? DefaultFile, error.GetBaseException().Message)]);
        }
    }

    private static string ErrorOf(string file, string message)
    {
        var place = Place().Match(message) is { Success: true } match
            ? $"{file}:{int.Parse(match.Groups["line"].Value) + 1}:{int.Parse(match.Groups["column"].Value) + 1}"
            : file;
        return $"{place}: {Place().Replace(message, "").Trim()}";
    }

    // Only the file is ours: the environment holds everybody's variables.
    private static List<string> UnknownSections(JsonConfigurationProvider file) =>
    [
        .. SettingsTree.Data(file).Keys.Select(path => path.Split(ConfigurationPath.KeyDelimiter, 2)[0]).Distinct(StringComparer.OrdinalIgnoreCase)
            .Where(section => !section.StartsWith('$') && !SettingsReader.TopLevelKeys.Contains(section, StringComparer.OrdinalIgnoreCase))
            .Order(ConfigurationKeyComparer.Instance)
            .Select(section => $"{section}: is not a setting.{Suggestion.For(section, SettingsReader.TopLevelKeys)}"),
    ];

    // .NET counts both from 0.
    [GeneratedRegex(@"\s*(Path: \S+ \| )?LineNumber: (?<line>\d+) \| BytePositionInLine: (?<column>\d+)\.?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Place();
}
