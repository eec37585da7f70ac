using DefectNotifier.Rendering;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Tests.Rendering;

/// <summary>A folder with the templates of one test.</summary>
internal sealed class TemplateFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("templates-");

    public TemplateFolder(params ReadOnlySpan<(string Name, string Text)> files)
    {
        foreach (var (name, text) in files)
        {
            var file = new FileInfo(System.IO.Path.Combine(_folder.FullName, name));
            file.Directory!.Create();
            File.WriteAllText(file.FullName, text);
        }
    }

    public string Path => _folder.FullName;

    public TemplateStore Load() => TemplateStore.Load(new TemplateOptions { Path = _folder.FullName }, NullLogger<TemplateStore>.Instance);

    public void Dispose() => _folder.Delete(recursive: true);
}
