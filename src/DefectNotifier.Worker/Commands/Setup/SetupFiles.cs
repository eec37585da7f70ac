using System.Text;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Commands.Setup;

/// <summary>The files that <c>init</c> writes: the settings, for their owner's eyes only, and a copy of the program's templates.</summary>
internal sealed class SetupFiles
{
    private const string TemplateFolder = "templates";

    private readonly string _folder;
    private readonly Dictionary<string, byte[]> _templates;

    public SetupFiles(string folder)
    {
        _folder = folder;
        _templates = TemplateFiles.ReadShipped().ToDictionary(template => Path.Combine(folder, TemplateFolder, template.Name), template => Encoding.UTF8.GetBytes(template.Text), StringComparer.Ordinal);
    }

    public string Settings => Path.Combine(_folder, SettingsSources.DefaultFile);

    public string Templates => Path.Combine(_folder, TemplateFolder);

    /// <summary>What is there already, and would be lost: settings, and templates that somebody has changed.</summary>
    public IReadOnlyList<string> Existing =>
    [
        .. File.Exists(Settings) ? [Settings] : Array.Empty<string>(),
        .. _templates.Where(template => File.Exists(template.Key) && !File.ReadAllBytes(template.Key).AsSpan().SequenceEqual(template.Value)).Select(template => template.Key),
    ];

    /// <summary>Writes them all, the settings last.</summary>
    public void Write(byte[] settings)
    {
        foreach (var (path, text) in _templates)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, text);
        }

        Directory.CreateDirectory(_folder);
        WriteSecret(Settings, settings);
    }

    // Under another name first: a file that is there keeps its rights when it is written over, and others could read it.
    private static void WriteSecret(string path, byte[] content)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var template = $"{path}.{Guid.NewGuid():N}";
        try
        {
            using (var file = new FileStream(template, options)) file.Write(content);
            File.Move(template, path, overwrite: true);
        }
        finally
        {
            File.Delete(template);
        }
    }
}
