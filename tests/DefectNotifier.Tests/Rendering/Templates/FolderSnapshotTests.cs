using DefectNotifier.Files;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Tests.Rendering.Templates;

/// <summary>Which files of a template folder are read, and which are errors.</summary>
public sealed class FolderSnapshotTests : IDisposable
{
    private const string Secret = "xoxb-a-secret-of-the-settings";

    private readonly TemplateFolder _folder = new(("defect.created.sbn", "first"));
    private readonly DirectoryInfo _outside = Directory.CreateTempSubdirectory("outside-");

    public FolderSnapshotTests() => File.WriteAllText(Outside("appsettings.json"), Secret);

    public static TheoryData<string> Specials => ["fifo", "socket", "folder", "sparse", "loop", "dangling", "device"];

    public void Dispose()
    {
        _folder.Dispose();
        _outside.Delete(recursive: true);
    }

    [Theory]
    [InlineData("absolute")]
    [InlineData("relative")]
    [InlineData("through a folder")]
    public void Load_LinkOutOfTheFolder_IsAnErrorWithItsPath(string how)
    {
        var before = _folder.Load();
        File.Delete(PathOf("defect.created.sbn"));
        if (how == "through a folder") File.CreateSymbolicLink(PathOf("..data"), _outside.FullName);
        File.CreateSymbolicLink(PathOf("defect.created.sbn"), how switch
        {
            "absolute" => Outside("appsettings.json"),
            "relative" => Path.GetRelativePath(_folder.Path, Outside("appsettings.json")),
            _ => "..data/appsettings.json",
        });

        var after = _folder.Load(before);

        var error = Assert.Single(after.Errors);
        Assert.Equal("defect.created.sbn", error.Template);
        Assert.Equal($"The file leads out of the template folder, to '{Real(Outside("appsettings.json"))}'.", error.Message);
        Assert.Equal("p first", Shown(after));
        Assert.DoesNotContain(after.Sources, source => source.Text?.Contains(Secret, StringComparison.Ordinal) == true);
        Assert.Equal("built-in:defect.created.sbn", _folder.Load().FileFor(null, "defect.created", default));
    }

    [Theory]
    [MemberData(nameof(Specials))]
    public async Task Load_NotAReadableFile_IsAnErrorAndTheLastGoodVersionStays(string kind)
    {
        var before = _folder.Load();
        File.Delete(PathOf("defect.created.sbn"));
        SpecialFile.Make(kind, PathOf("defect.created.sbn"));

        // A FIFO that was opened would block for ever.
        var after = await Task.Run(() => _folder.Load(before), TestContext.Current.CancellationToken)
            .WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);

        Assert.Equal("defect.created.sbn: " + kind switch
        {
            "folder" => "The file is a folder.",
            "sparse" => "The file is larger than 64 kB.",
            "loop" => "The file can't be opened: Too many levels of symbolic links.",
            "dangling" => "The file does not exist.",
            "device" => "The file leads out of the template folder, to '/dev/zero'.",
            _ => "The file is not a regular file but a FIFO, a socket or a device.",
        }, Assert.Single(after.Errors).ToString());
        Assert.Equal("p first", Shown(after));
    }

    [Fact]
    public void Load_ConfigMap_IsReadAndUpdated()
    {
        using var map = new TemplateFolder();
        Publish(map, ("defect.created.sbn", "one"), ("finance/defect.created.sbn", "set one"));
        File.CreateSymbolicLink(Path.Combine(map.Path, "defect.created.sbn"), "..data/defect.created.sbn");
        File.CreateSymbolicLink(Path.Combine(map.Path, "finance"), "..data/finance");
        var first = map.Load();
        Publish(map, ("defect.created.sbn", "two"), ("finance/defect.created.sbn", "set two"));

        var second = map.Load(first);

        Assert.Empty(second.Errors);
        Assert.Equal(("p one", "p set one"), (Shown(first), Shown(first, "finance")));
        Assert.Equal(("p two", "p set two"), (Shown(second), Shown(second, "finance")));
    }

    [Fact]
    public void Load_LinkToTheFolder_IsRead()
    {
        File.CreateSymbolicLink(Outside("current"), _folder.Path);

        var store = Load(Outside("current"));

        Assert.Equal("p first", Shown(store));
    }

    [Fact]
    public void Load_HiddenFilesAndOtherLinks_AreIgnored()
    {
        _folder.Write(".defect.updated.sbn", "{{ if }}");
        File.CreateSymbolicLink(PathOf("a.link"), "nowhere");
        File.CreateSymbolicLink(PathOf("loop"), ".");

        var store = _folder.Load();

        Assert.Empty(store.Errors);
        Assert.Equal("p first", Shown(store, "loop"));
    }

    [Fact]
    public void Load_TooManyFiles_IsAnError()
    {
        for (var number = 0; number < 1_000; number++) _folder.Write($"_{number}.sbn", "");

        Assert.EndsWith("contains more than 1000 templates.", ErrorOf(_folder.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_TooMuchText_IsAnError()
    {
        for (var number = 0; number < 17; number++) _folder.Write($"_{number}.sbn", new string('x', 64 * 1024));

        Assert.EndsWith("contains more than 1024 kB of templates.", ErrorOf(_folder.Path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("finance", "contains the link 'finance', which leads out of it, to '")]
    [InlineData("slack", "contains the link 'slack', which leads out of it, to '")]
    public void Load_LinkToAFolderOutside_IsAnError(string name, string expected)
    {
        File.CreateSymbolicLink(PathOf(name), _outside.FullName);

        Assert.Contains(expected + Real(_outside.FullName), ErrorOf(_folder.Path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fifo")]
    [InlineData("file")]
    [InlineData("loop")]
    public void Load_PathIsNoFolder_IsAnError(string kind)
    {
        SpecialFile.Make(kind, Outside("templates"));

        Assert.StartsWith($"The template folder '{Outside("templates")}' ", ErrorOf(Outside("templates")), StringComparison.Ordinal);
    }

    private static TemplateStore Load(string path) =>
        TemplateStore.Load(new TemplateOptions { Path = path }, NullLogger<TemplateStore>.Instance);

    // As Kubernetes mounts a config map: each file is a link through ..data, and an update replaces ..data.
    private static void Publish(TemplateFolder map, params ReadOnlySpan<(string Name, string Text)> files)
    {
        var version = $"..{Guid.NewGuid():N}";
        foreach (var (name, text) in files) map.Write($"{version}/{name}", text);
        var data = Path.Combine(map.Path, "..data");
        if (Directory.Exists(data)) Directory.Delete(data);
        Directory.CreateSymbolicLink(data, version);
    }

    private static string Real(string path)
    {
        using var target = FileTarget.Of(path);
        return target.RealPath;
    }

    private static string ErrorOf(string path) => Assert.Throws<TemplateFolderException>(() => Load(path)).Message;

    private static string Shown(TemplateStore store, string? set = null) => Rendered.By(store, Some.DefectEvent, set).Outline.Trim();

    private string PathOf(string name) => Path.Combine(_folder.Path, name);

    private string Outside(string name) => Path.Combine(_outside.FullName, name);
}
