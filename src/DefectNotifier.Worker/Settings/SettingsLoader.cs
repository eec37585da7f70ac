namespace DefectNotifier.Worker.Settings;

/// <summary>Reads the settings for the start and for each reload. It parses them only when a byte of their files has changed.</summary>
internal sealed class SettingsLoader(string? file, SettingsReader reader)
{
    private bool _hadFile;
    private LoadedFiles? _last;

    /// <summary>The settings as they are now; the same instance as long as no file has changed.</summary>
    /// <exception cref="SettingsException">The settings have errors; it holds all of them.</exception>
    public LoadedSettings Load()
    {
        var path = Path.GetFullPath(file ?? SettingsSources.DefaultFile);
        var hasFile = Path.Exists(path);
        // Starting without a file means defaults. A file that disappears from a running service is an error.
        if (_hadFile && !hasFile) throw new SettingsException([$"{file ?? SettingsSources.DefaultFile}: the file no longer exists."]);

        var sources = SettingsSources.DigestOf(file);
        if (_last is { } last && last.Sources == sources && last.Secrets == SettingsSources.DigestOf(last.SecretFiles))
            return last.Settings;

        // Settings with errors are read again each time: some errors depend on more than these files, such as a missing folder.
        _last = null;
        var (root, errors) = SettingsSources.Load(file);
        // Digests are taken before the files are read: a file that changes in between is then seen as changed next time.
        var values = SettingsReader.TopLevelKeys.SelectMany(section => root.GetSection(section).Values());
        IReadOnlyList<string> secretFiles = [.. values.Where(IsSecretFile).Select(pair => pair.Value.Trim())];
        var secrets = SettingsSources.DigestOf(secretFiles);
        var logging = root.GetSection("Logging").Values()
            .ToDictionary(pair => pair.Key, string? (pair) => pair.Value, StringComparer.OrdinalIgnoreCase);
        var settings = new LoadedSettings(reader.Read(root, errors), logging) { Origin = SettingsOrigin.Of(file, root) };
        _last = new LoadedFiles(settings, sources, secretFiles, secrets);
        _hadFile = hasFile;
        return settings;
    }

    // TokenFile, UrlFile, SecretsFile: see SettingsSection.Secret.
    private static bool IsSecretFile(KeyValuePair<string, string> pair) =>
        pair.Key.EndsWith(SettingsSection.FileSuffix, StringComparison.OrdinalIgnoreCase);

    private sealed record LoadedFiles(LoadedSettings Settings, string Sources, IReadOnlyList<string> SecretFiles, string Secrets);
}
