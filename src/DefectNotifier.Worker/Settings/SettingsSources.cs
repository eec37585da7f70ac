using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using DefectNotifier.Files;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.KeyPerFile;
using Microsoft.Extensions.FileProviders;

namespace DefectNotifier.Worker.Settings;

/// <summary>
/// Where settings come from; a later source wins: the JSON file, key-per-file secrets of a container, those of systemd, environment
/// variables.
/// </summary>
internal static partial class SettingsSources
{
    public const string DefaultFile = "appsettings.json";

    /// <summary>
    /// Where container platforms mount secrets, one file per key: <c>/run/secrets/Destinations__web-qa__Token</c>. And the folder in which
    /// systemd stores those of <c>LoadCredential=</c>.
    /// </summary>
    private static readonly string[] SecretsFolders =
    [
        "/run/secrets",
        .. Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY") is { Length: > 0 } credentials ? [credentials] : (string[])[],
    ];

    private const int MaxFileBytes = 1024 * 1024;

    private const string FolderAdvice =
        "Docker creates a folder when the path before the colon of -v does not exist: correct that path, and remove the folder.";

    private const string DeniedAdvice =
        "Run the service as the owner of the file (in Docker: --user \"$(id -u):$(id -g)\"), or let this user read it (chown, chmod).";

    /// <param name="file">The file named by the user, which must exist; null: <c>appsettings.json</c> if there is one.</param>
    /// <exception cref="SettingsException">The file is missing, can't be read or is not JSON.</exception>
    public static (SettingsNode Root, IReadOnlyList<string> Errors) Load(string? file)
    {
        var path = Path.GetFullPath(file ?? DefaultFile);
        if (Directory.Exists(path)) throw new SettingsException([$"{path}: is a folder and not a settings file. {FolderAdvice}"]);
        try
        {
            var json = ReadFile(path, isRequired: file is not null);
            return (SettingsNode.From([json, .. SecretsFolders.Select(ReadSecrets), ReadEnvironment()]), UnknownSections(json.Keys));
        }
        catch (FileNotFoundException)
        {
            throw new SettingsException([$"--config: there is no file '{file}'."]) { IsFileMissing = true };
        }
        catch (FileDeniedException error)
        {
            throw new SettingsException([$"{path}: {error.Message}. {DeniedAdvice}"]);
        }
        catch (Exception error) when (error is JsonException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw new SettingsException([ErrorOf(file ?? DefaultFile, error.GetBaseException().Message)]);
        }
    }

    /// <summary>The settings of all sources but the file, for a command that works although the file can't be read.</summary>
    /// <exception cref="SettingsException">A secret file can't be read.</exception>
    public static SettingsNode LoadWithoutFile() =>
        SettingsNode.From([.. SecretsFolders.Select(ReadSecrets), ReadEnvironment()]);

    /// <summary>The settings of one JSON text, without any other source.</summary>
    public static SettingsNode Parse(Stream json) => SettingsNode.From(ReadJson(json));

    /// <summary>
    /// A digest of the bytes of every file that <see cref="Load"/> reads. The environment does not change while a process runs.
    /// </summary>
    public static string DigestOf(string? file)
    {
        var secrets = SecretsFolders.Where(Directory.Exists).SelectMany(Directory.GetFiles);
        return DigestOf([Path.GetFullPath(file ?? DefaultFile), .. secrets.Order(StringComparer.Ordinal)]);
    }

    /// <summary>A digest of the names and bytes of some files. A file that is missing or cannot be read has its own digest.</summary>
    public static string DigestOf(IEnumerable<string> files)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            digest.AppendData(Encoding.UTF8.GetBytes(file));
            try
            {
                digest.AppendData(SHA256.HashData(RegularFile.Read(file, MaxFileBytes)));
            }
            catch (IOException error)
            {
                digest.AppendData(Encoding.UTF8.GetBytes(error.Message));
            }
        }

        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }

    private static IDictionary<string, string?> ReadFile(string path, bool isRequired)
    {
        try
        {
            return ReadJson(new MemoryStream(RegularFile.Read(path, MaxFileBytes)));
        }
        catch (FileNotFoundException) when (!isRequired)
        {
            return new Dictionary<string, string?>();
        }
    }

    private static IDictionary<string, string?> ReadJson(Stream stream)
    {
        var provider = new JsonPairs(new JsonStreamConfigurationSource());
        provider.Load(stream);
        return provider.Pairs;
    }

    private static IDictionary<string, string?> ReadSecrets(string folder)
    {
        if (!Directory.Exists(folder)) return new Dictionary<string, string?>();
        foreach (var file in Directory.GetFiles(folder)) CheckSecret(file);
        using var files = new PhysicalFileProvider(folder);
        using var provider = new SecretPairs(new KeyPerFileConfigurationSource { FileProvider = files });
        provider.Load();
        return provider.Pairs;
    }

    // .NET's provider would wait for a FIFO.
    private static void CheckSecret(string file)
    {
        try
        {
            RegularFile.Read(file, MaxFileBytes);
        }
        catch (IOException error)
        {
            var advice = error is FileDeniedException ? $" {DeniedAdvice}" : "";
            throw new SettingsException([$"{file}: {error.Message}.{advice}"]);
        }
    }

    private static IDictionary<string, string?> ReadEnvironment()
    {
        var provider = new EnvironmentPairs();
        provider.Load();
        return provider.Pairs;
    }

    private static string ErrorOf(string file, string message)
    {
        var place = Place().Match(message) is { Success: true } match
            ? $"{file}:{int.Parse(match.Groups["line"].Value) + 1}:{int.Parse(match.Groups["column"].Value) + 1}"
            : file;
        return $"{place}: {Place().Replace(message, "").Trim()}";
    }

    // Only for the file: the environment also holds variables of other programs.
    private static List<string> UnknownSections(IEnumerable<string> paths) =>
    [
        .. paths.Select(path => path.Split(ConfigurationPath.KeyDelimiter, 2)[0]).Distinct(StringComparer.OrdinalIgnoreCase)
            .Where(section => !section.StartsWith('$') && !SettingsReader.TopLevelKeys.Contains(section, StringComparer.OrdinalIgnoreCase))
            .Order(ConfigurationKeyComparer.Instance)
            .Select(section => $"{section}: is not a setting.{Suggestion.For(section, SettingsReader.TopLevelKeys)}"),
    ];

    // .NET counts lines and columns from 0.
    [GeneratedRegex(
        @"\s*(Path: \S+ \| )?LineNumber: (?<line>\d+) \| BytePositionInLine: (?<column>\d+)\.?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Place();

    // .NET's providers parse; these give access to what they have read, which .NET shows only to derived classes.
    private sealed class JsonPairs(JsonStreamConfigurationSource source) : JsonStreamConfigurationProvider(source)
    {
        public IDictionary<string, string?> Pairs => Data;
    }

    private sealed class SecretPairs(KeyPerFileConfigurationSource source) : KeyPerFileConfigurationProvider(source)
    {
        public IDictionary<string, string?> Pairs => Data;
    }

    private sealed class EnvironmentPairs : EnvironmentVariablesConfigurationProvider
    {
        public IDictionary<string, string?> Pairs => Data;
    }
}
