using DefectNotifier.Rendering.Templates;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Tests.Rendering.Templates;

/// <summary>A temporary folder with the templates of one test.</summary>
internal sealed class TemplateFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("templates-");

    public TemplateFolder(params ReadOnlySpan<(string Name, string Text)> files)
    {
        foreach (var (name, text) in files) Write(name, text);
    }

    public string Path => _folder.FullName;

    public TemplateOptions Options => new() { Path = _folder.FullName };

    public void Write(string name, string text)
    {
        var file = new FileInfo(System.IO.Path.Combine(_folder.FullName, name));
        file.Directory!.Create();
        File.WriteAllText(file.FullName, text);
    }

    public void Delete(string name) => File.Delete(System.IO.Path.Combine(_folder.FullName, name));

    public TemplateStore Load(TemplateStore? before = null) => TemplateStore.Load(Options, NullLogger<TemplateStore>.Instance, before);

    public void Dispose() => _folder.Delete(recursive: true);
}
