using System.Text;
using DefectNotifier.Files;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Commands.Setup;

/// <summary>
/// The files that <c>init</c> writes: the settings, readable only by their owner, a copy of the built-in templates, and the folder of the
/// outbox, which a container would otherwise create for another user.
/// </summary>
internal sealed class SetupFiles
{
    private const string TemplateFolder = "templates";
    private const int MaxSettingsBytes = 1024 * 1024;
    private const string DataFolder = "data";

    private readonly string _folder;
    private readonly Dictionary<string, byte[]> _templates;

    public SetupFiles(string folder)
    {
        _folder = folder;
        _templates = TemplateFiles.ReadShipped().ToDictionary(
            template => Path.Combine(folder, TemplateFolder, template.Name),
            template => Encoding.UTF8.GetBytes(template.Text),
            StringComparer.Ordinal);
    }

    public string Folder => _folder;

    public string Settings => Path.Combine(_folder, SettingsSources.DefaultFile);

    public string Templates => Path.Combine(_folder, TemplateFolder);

    /// <summary>Existing files that would be overwritten: the settings, and templates that were changed.</summary>
    public IReadOnlyList<string> Existing =>
    [
        .. File.Exists(Settings) ? [Settings] : Array.Empty<string>(),
        .. _templates
            .Where(template => File.Exists(template.Key) && !IsUnchanged(template.Key, template.Value))
            .Select(template => template.Key),
    ];

    private static bool IsUnchanged(string path, byte[] shipped)
    {
        try
        {
            return RegularFile.Read(path, shipped.Length).AsSpan().SequenceEqual(shipped);
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Writes all files, the settings last.</summary>
    public void Write(byte[] settings)
    {
        foreach (var (path, text) in _templates)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            // Writing to a FIFO would wait for its reader.
            File.Delete(path);
            File.WriteAllBytes(path, text);
        }

        Directory.CreateDirectory(_folder);
        PrivateFolder.Create(Path.Combine(_folder, DataFolder));
        WriteSecret(Settings, settings);
    }

    /// <summary>The text of the existing settings.</summary>
    /// <exception cref="CommandException">They can't be read.</exception>
    public string ReadSettings()
    {
        try
        {
            return RegularFile.ReadText(Settings, MaxSettingsBytes);
        }
        catch (IOException error)
        {
            throw new CommandException($"{Settings}: {error.Message}.");
        }
    }

    /// <summary>
    /// Changes the existing settings in place, so that their owner and permissions stay. On an error, for example when the disk is full,
    /// they have their former text again.
    /// </summary>
    /// <returns>True when others than the owner can read them.</returns>
    /// <exception cref="IOException">They can't be written.</exception>
    public bool ChangeSettings(string text)
    {
        var (before, after) = (File.ReadAllBytes(Settings), Encoding.UTF8.GetBytes(text));
        // Not emptied first: what is written again needs no new space.
        using (var file = new FileStream(Settings, FileMode.Open, FileAccess.Write, FileShare.Read, bufferSize: 0))
        {
            try
            {
                Overwrite(file, after);
            }
            catch (IOException error)
            {
                Overwrite(file, before);
                throw new IOException($"{Settings}: {error.Message.TrimEnd('.')}. Nothing was changed.", error);
            }
        }

        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        return !OperatingSystem.IsWindows() && (File.GetUnixFileMode(Settings) & Others) != UnixFileMode.None;
    }

    private static void Overwrite(FileStream file, byte[] content)
    {
        file.Position = 0;
        file.Write(content);
        file.SetLength(content.Length);
        file.Flush(flushToDisk: true);
    }

    // Written to a temporary file first: overwriting an existing file would keep its permissions, and others might read it.
    private static void WriteSecret(string path, byte[] content)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var temporary = $"{path}.{Guid.NewGuid():N}";
        try
        {
            using (var file = new FileStream(temporary, options)) file.Write(content);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
