using DefectNotifier.Rendering.Templates;
using DefectNotifier.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Tests.Rendering.Templates;

/// <summary>A template folder that disappears is an error; one whose files were deleted is not.</summary>
public sealed class FolderLossTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("loss-");
    private readonly TemplateStore _before;

    public FolderLossTests()
    {
        Write("templates", "first");
        Write("templates/finance", "money");
        Write("templates/empty", null);
        _before = Load(null);
        Assert.Equal(("p first", "p money"), (Shown(_before), Shown(_before, "finance")));
    }

    public static TheoryData<string, string> Losses => new()
    {
        { "removed", "does not exist. Check its permissions, and whether its file system is mounted." },
        { "parent removed", "does not exist." },
        { "a file", "is not a folder." },
        { "emptied by another folder", "is another folder than before, and empty." },
        { "link loop", "can't be opened: Too many levels of symbolic links." },
        { "set emptied by another folder", "contains 'finance', which is another folder than before, and empty." },
        { "set is a dangling link", "contains the link 'finance', whose target does not exist." },
    };

    public void Dispose() => _root.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Losses))]
    public void Load_FolderIsLost_IsAnErrorEveryTime(string how, string error)
    {
        switch (how)
        {
            case "removed" or "a file" or "emptied by another folder" or "link loop":
                // A folder that is moved away keeps its inode, so the next one has another.
                Directory.Move(PathOf("templates"), PathOf("away"));
                if (how == "a file") SpecialFile.Make("file", PathOf("templates"));
                if (how == "link loop") SpecialFile.Make("loop", PathOf("templates"));
                if (how == "emptied by another folder") Write("templates", null);
                break;
            case "parent removed":
                Directory.Move(_root.FullName, _root.FullName + "-away");
                break;
            default:
                Directory.Move(PathOf("templates/finance"), PathOf("away"));
                if (how == "set is a dangling link") SpecialFile.Make("dangling", PathOf("templates/finance"));
                else Write("templates/finance", null);
                break;
        }

        for (var time = 0; time < 2; time++)
        {
            Assert.Contains(error, Assert.Throws<TemplateFolderException>(() => Load(_before)).Message, StringComparison.Ordinal);
            Assert.Contains(
                error,
                Assert.Throws<TemplateFolderException>(() => TemplateStore.DigestOf(_before.Options, _before)).Message,
                StringComparison.Ordinal);
        }

        if (how == "parent removed") Directory.Move(_root.FullName + "-away", _root.FullName);
    }

    [Fact]
    public void Load_FilesAreDeleted_UsesTheNextTemplates()
    {
        File.Delete(PathOf("templates/finance/defect.created.sbn"));
        var after = Load(_before);
        Assert.Equal("p first", Shown(after, "finance"));
        Directory.Delete(PathOf("templates/finance"));
        File.Delete(PathOf("templates/defect.created.sbn"));

        after = Load(after);

        Assert.Empty(after.Errors);
        Assert.Equal("built-in:defect.created.sbn", after.FileFor(null, "defect.created", default));
    }

    [Fact]
    public void Load_AnotherFolderWithTemplates_IsRead()
    {
        Directory.Move(PathOf("templates"), PathOf("away"));
        Write("templates", "second");

        Assert.Equal("p second", Shown(Load(_before)));
    }

    [Fact]
    public void Load_AnotherPath_IsReadAsIfItWasTheFirst()
    {
        var missing = new TemplateOptions { Path = PathOf("missing") };

        var after = TemplateStore.Load(missing, NullLogger<TemplateStore>.Instance, _before);

        Assert.Empty(after.Errors);
    }

    private TemplateStore Load(TemplateStore? before) =>
        TemplateStore.Load(new TemplateOptions { Path = PathOf("templates") }, NullLogger<TemplateStore>.Instance, before);

    private static string Shown(TemplateStore store, string? set = null) => Rendered.By(store, Some.DefectEvent, set).Outline.Trim();

    private void Write(string folder, string? template)
    {
        Directory.CreateDirectory(PathOf(folder));
        if (template is not null) File.WriteAllText(PathOf($"{folder}/defect.created.sbn"), template);
    }

    private string PathOf(string name) => Path.Combine(_root.FullName, name);
}
