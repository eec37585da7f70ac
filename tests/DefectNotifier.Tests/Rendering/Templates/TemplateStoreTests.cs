using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Rendering.JsonTemplates;

namespace DefectNotifier.Tests.Rendering.Templates;

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
            ("finance/defect.created.sbn", "a"), ("finance/default.sbn", "b"), ("defect.updated.sbn", "c"), ("notes.txt", "{{ if }}"),
                ("slack/defect.deleted.json.sbn", "{}"));

        var store = folder.Load();

        Assert.Empty(store.Errors);
        Assert.Equal(found, store.Find(set, name, platform: null).First().Name);
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
    public void Find_NameThatIsNotAnEvent_FindsTheDefault(string name)
    {
        using var folder = new TemplateFolder(("finance/defect.created.sbn", "a"), ("slack/x.sbn", "b"), ("default.sbn", "c"));

        Assert.Equal("default.sbn", folder.Load().Find(null, name, platform: null).First().Name);
    }

    [Theory]
    [InlineData(
        "finance",
        ChatPlatform.Slack,
        "finance/slack/a.b.json.sbn|finance/a.b.sbn|slack/a.b.json.sbn|a.b.sbn|built-in:default.sbn")]
    [InlineData("finance", ChatPlatform.Teams, "finance/a.b.sbn|teams/a.b.json.sbn|a.b.sbn|teams/default.json.sbn|built-in:default.sbn")]
    [InlineData(null, ChatPlatform.Slack, "slack/a.b.json.sbn|a.b.sbn|built-in:default.sbn")]
    [InlineData("FINANCE", null, "finance/a.b.sbn|a.b.sbn|built-in:default.sbn")]
    public void Find_JsonTemplates_ComeBeforeMarkdownInEachFolder(string? set, ChatPlatform? platform, string order)
    {
        using var folder = new TemplateFolder(
            ("finance/slack/a.b.json.sbn", "1"), ("finance/a.b.sbn", "2"), ("slack/a.b.json.sbn", "3"), ("a.b.sbn", "4"),
                ("teams/a.b.json.sbn", "5"), ("teams/default.json.sbn", "6"));

        Assert.Equal(order, string.Join('|', folder.Load().Find(set, "a.b", platform).Select(found => found.Name)));
    }

    [Theory]
    [InlineData("a.json.sbn", "A JSON template belongs in the folder of its platform: slack or teams.")]
    [InlineData("finance/a.json.sbn", "A JSON template belongs in the folder of its platform: slack or teams.")]
    [InlineData("slack/a.sbn", "The folder of a platform may contain only JSON templates; their names end in .json.sbn. "
        + "For other words in a Markdown template, write {{ if message.platform == 'slack' }} there.")]
    [InlineData("a/b/c.sbn", "The folder is nested too deeply: a set may contain only templates and the folders slack and teams.")]
    [InlineData("slack/teams/c.json.sbn", null)]
    public void Load_FileInAWrongFolder_IsAnError(string file, string? error)
    {
        using var folder = new TemplateFolder((file, "a"));

        Assert.Equal(error, folder.Load().Errors.SingleOrDefault()?.Message);
    }

    [Fact]
    public void Render_JsonTemplate_IncludesJsonPiecesFirst()
    {
        var result = RenderedJson.Of(ChatPlatform.Slack, null, false,
            ("slack/defect.y.json.sbn",
                "[ {{ include '_title' }}, { \"type\": \"divider\", \"block_id\": \"{{ include '_word' }}\" } ]"),
                ("_title.sbn", "# no"), ("_word.sbn", "w-{{ defect.id }}"),
            ("slack/_title.json.sbn", """{ "type": "header", "text": { "type": "plain_text", "text": "{{ defect.title }}" } }"""));

        Assert.Null(result.Error);
        Assert.Contains("\"block_id\":\"w-73\"", System.Text.Encoding.UTF8.GetString(result.Message.Json.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NoFolder_UsesTheShippedTemplates()
    {
        var store = TemplateStore.Load(new TemplateOptions { Path = "no-such-folder" },
            Microsoft.Extensions.Logging.Abstractions.NullLogger<TemplateStore>.Instance);

        Assert.Empty(store.Errors);
        foreach (var name in (string[])["created", "updated", "resolved", "deleted"]) Assert.Equal($"built-in:defect.{name}.sbn",
            store.Find(null, "defect." + name, platform: null).First().Name);
        Assert.Equal("built-in:default.sbn", store.Find(null, "defect.reopened", platform: null).First().Name);
    }

    [Fact]
    public void Render_Include_IsSearchedInTheSetFirst()
    {
        using var folder = new TemplateFolder(
            ("default.sbn", "{{ include '_a' }} {{ include '_b' }} {{ include '_footer' }}"),
            ("_a.sbn", "common a"), ("_b.sbn", "common b"), ("_footer.sbn", "own footer"), ("finance/_b.sbn", "finance b"),
                ("finance/_c.sbn", "finance c"));
        var store = folder.Load();
        var defectEvent = Some.DefectEvent with { Name = "x.y" };

        Assert.Equal(("p common a common b own footer", null), Rendered.By(store, defectEvent));
        Assert.Equal(("p common a finance b own footer", null), Rendered.By(store, defectEvent, "finance"));
    }
}
