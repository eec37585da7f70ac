using System.Text;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Rendering.Document;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Rendering.Templates;

/// <summary>The location of errors, and what is sent when a template fails.</summary>
public sealed class TemplateErrorTests
{
    [Theory]
    [InlineData("a\nb {{ if }}", 2)]
    [InlineData("{{ for x in }}\n{{ end }}", 1)]
    [InlineData("a\n\n  {{ end }}", 3)]
    [InlineData("{{ 'never closed }}", 1)]
    [InlineData("a\n{{ if true }}\nno end", 2)]
    public void Load_SyntaxError_SkipsTheTemplateAndGivesTheLocation(string text, int line)
    {
        using var folder = new TemplateFolder(("defect.created.sbn", text), ("other.sbn", "fine"));

        var store = folder.Load();

        var error = Assert.Single(store.Errors);
        Assert.Equal(("defect.created.sbn", line), (error.Template, error.Line));
        Assert.InRange(error.Column, 1, 40);
        Assert.NotEmpty(error.Message);
        Assert.Equal("built-in:defect.created.sbn", store.Find(null, "defect.created", platform: null).First().Name);
        Assert.Equal("other.sbn", store.Find(null, "other", platform: null).First().Name);
    }

    /// <summary>As saved by an editor that does not use UTF-8.</summary>
    [Fact]
    public void Load_FileThatIsNotUtf8_KeepsTheLastGoodVersionAndGivesTheLocation()
    {
        using var folder = new TemplateFolder(("defect.created.sbn", "good"));
        var before = folder.Load();
        File.WriteAllBytes(Path.Combine(folder.Path, "defect.created.sbn"), Encoding.Latin1.GetBytes("# {{ defect.title }}\n\nGrüße"));

        var store = folder.Load(before);

        Assert.Equal(new RenderError("defect.created.sbn", 3, 3,
            "This character is not valid UTF-8. Save the file with UTF-8 encoding."), Assert.Single(store.Errors));
        Assert.Equal("p good", Rendered.By(store, Some.DefectEvent).Outline);
        var issue = Assert.Single(TemplateInspector.Inspect(TemplateSource.ReadAll(folder.Options)));
        Assert.Equal((TemplateIssueKind.Syntax, "defect.created.sbn", 3, 3), (issue.Kind, issue.File, issue.Line, issue.Column));
    }

    [Theory]
    [InlineData(
        "a\n{{ while true }}x{{ end }}",
        2,
        "The loop was stopped after 1,000 iterations, the most that a template may run. Check that it ends.")]
    [InlineData(
        "{{ for i in 1..40 }}{{ for j in 1..40 }}x{{ end }}{{ end }}",
        1,
        "The loop was stopped after 1,000 iterations, the most that a template may run. Check that it ends.")]
    public void Render_EndlessLoop_HasAPlainMessage(string template, int line, string message)
    {
        var (_, error) = Rendered.TryOutline(template);

        Assert.Equal((line, message), (error!.Line, error.Message));
    }

    [Fact]
    public void Render_TemplateThatTimesOut_HasAPlainMessage()
    {
        var (_, error) = Rendered.TryOutline("a\n{{ for i in 1..900 }}{{ i }}{{ end }}", time: new ExpiringTime());

        Assert.Equal("The template ran for more than two seconds and was stopped. Use fewer loop iterations.", error!.Message);
    }

    [Fact]
    public void Load_SyntaxErrorInASet_FallsBackToTheCommonTemplate()
    {
        using var folder = new TemplateFolder(("finance/defect.created.sbn", "{{ if }}"), ("defect.created.sbn", "common"));

        var store = folder.Load();

        Assert.Equal("finance/defect.created.sbn", Assert.Single(store.Errors).Template);
        Assert.Equal("defect.created.sbn", store.Find("finance", "defect.created", platform: null).First().Name);
    }

    [Fact]
    public void Render_ErrorInTheTemplate_HasLineAndColumn()
    {
        var (outline, error) = Rendered.TryOutline("# a\n\nb {{ nosuch 1 }}");

        Assert.Equal(("default.sbn", 3, 6), (error!.Template, error.Line, error.Column));
        Assert.EndsWith($"note The template failed, so this is the plain message. default.sbn:3:6: {error.Message}", outline,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Render_ErrorInAnInclude_HasTheLocationInTheInclude()
    {
        using var folder = new TemplateFolder(("set/default.sbn", "a\n\n\n{{ include '_a' }}"), ("set/_a.sbn", "x\n  {{ nosuch 1 }}"));

        var (_, error) = Rendered.By(folder.Load(), Some.DefectEvent with { Name = "x.y" }, set: "set");

        Assert.Equal(("set/_a.sbn", 2, 6), (error!.Template, error.Line, error.Column));
    }

    [Fact]
    public void Render_IncludeWithASyntaxError_IsReportedAsMissing()
    {
        using var folder = new TemplateFolder(("default.sbn", "{{ include '_own' }}"), ("_own.sbn", "{{ if }}"));
        var store = folder.Load();

        var (_, error) = Rendered.By(store, Some.DefectEvent with { Name = "x.y" });

        Assert.Single(store.Errors);
        Assert.Contains("There is no template '_own' to include", error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n  \n")]
    [InlineData("{{ defect.case_id }}")]
    [InlineData("{{ # a comment }}")]
    [InlineData("{{ if false }}a{{ end }}")]
    [InlineData("# {{ defect.case_id }}\n\n**{{ defect.step }}**")]
    public void Render_TemplateThatWritesNothing_GivesThePlainMessage(string template)
    {
        var (outline, error) = Rendered.TryOutline(template);

        Assert.Equal(RenderError.EmptyMessage("default.sbn"), error);
        Assert.Contains("note The template failed", outline, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_MayBeRepeat_SaysSoInANote()
    {
        using var folder = new TemplateFolder(("default.sbn", "a"));
        var capture = new DocumentCapture();
        var renderer = new MessageRenderer(folder.Load(), [capture], new QaseOptions(), new FakeTimeProvider());

        renderer.Render(new RenderRequest
        {
            Event = Some.DefectEvent with { Name = "x.y" },
            ReceivedAt = Some.Moment,
            Platform =
            ChatPlatform.Slack,
            MayBeRepeat = true
        });

        Assert.Equal("p a\nnote This may be a repeat: the response to an earlier attempt was lost.", Outline.Of(capture.Document));
    }
}
