using DefectNotifier.Rendering;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Rendering;

public sealed class TemplateStoreTests
{
    [Theory]
    [InlineData("finance", "defect.created", "finance/defect.created.sbn")]
    [InlineData("FINANCE", "Defect.Created", "finance/defect.created.sbn")]
    [InlineData("finance", "defect.updated", "defect.updated.sbn")]
    [InlineData("finance", "defect.resolved", "built-in:defect.resolved.sbn")]
    [InlineData("finance", "run.completed", "finance/default.sbn")]
    [InlineData("nosuch", "defect.updated", "defect.updated.sbn")]
    [InlineData("nosuch", "run.completed", "built-in:default.sbn")]
    [InlineData(null, "defect.created", "built-in:defect.created.sbn")]
    [InlineData(null, "defect.updated", "defect.updated.sbn")]
    [InlineData(null, "run.completed", "built-in:default.sbn")]
    public void Find_Name_SetBeforeCommonBeforeBuiltInBeforeDefault(string? set, string name, string found)
    {
        using var folder = new TemplateFolder(
            ("finance/defect.created.sbn", "a"), ("finance/default.sbn", "b"), ("defect.updated.sbn", "c"), ("notes.txt", "{{ if }}"), ("slack/defect.deleted.json.sbn", "{ {{ }"));

        var store = folder.Load();

        Assert.Empty(store.Faults);
        Assert.Equal(found, store.Find(set, name).Name);
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("slack/x")]
    [InlineData("finance/defect.created")]
    [InlineData("built-in:defect.created")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("_footer")]
    public void Find_NameThatIsNoEvents_FindsTheDefault(string name)
    {
        using var folder = new TemplateFolder(("finance/defect.created.sbn", "a"), ("slack/x.sbn", "b"), ("default.sbn", "c"));

        Assert.Equal("default.sbn", folder.Load().Find(null, name).Name);
    }

    [Fact]
    public void Load_NoFolder_ServesTheCopiesInsideTheProgram()
    {
        var store = TemplateStore.Load(new TemplateOptions { Path = "no-such-folder" }, Microsoft.Extensions.Logging.Abstractions.NullLogger<TemplateStore>.Instance);

        Assert.Empty(store.Faults);
        foreach (var name in (string[])["created", "updated", "resolved", "deleted"]) Assert.Equal($"built-in:defect.{name}.sbn", store.Find(null, "defect." + name).Name);
        Assert.Equal("built-in:default.sbn", store.Find(null, "defect.reopened").Name);
    }

    [Fact]
    public void Render_Include_IsLookedForInTheSetFirst()
    {
        using var folder = new TemplateFolder(
            ("default.sbn", "{{ include '_a' }} {{ include '_b' }} {{ include '_footer' }}"),
            ("_a.sbn", "common a"), ("_b.sbn", "common b"), ("_footer.sbn", "own footer"), ("finance/_b.sbn", "finance b"), ("finance/_c.sbn", "finance c"));
        var store = folder.Load();
        var defectEvent = Some.DefectEvent with { Name = "x.y" };

        Assert.Equal(("p common a common b own footer", null), Rendered.By(store, defectEvent));
        Assert.Equal(("p common a finance b own footer", null), Rendered.By(store, defectEvent, "finance"));
    }
}
