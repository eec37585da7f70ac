using DefectNotifier.Rendering.Markdown;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Rendering.Templates;
using Markdig;

namespace DefectNotifier.Tests.Rendering.Markdown;

/// <summary>Messages that differ only in their values share one parsed document.</summary>
public sealed class MarkdownCacheTests
{
    private readonly MarkdownCache _documents = new(new MarkdownPipelineBuilder().Build());

    [Fact]
    public void Parse_SameText_GivesTheSameDocument() => Assert.Same(_documents.Parse("# a"), _documents.Parse(string.Concat("# ", "a")));

    [Fact]
    public void Parse_DifferentText_GivesAnotherDocument()
    {
        Assert.NotSame(_documents.Parse("# a"), _documents.Parse("# b"));
        Assert.Equal(3, _documents.Parse("# b").Span.Length);
    }

    [Fact]
    public void Parse_LongText_IsNotCached()
    {
        var text = new string('a', 2_001);

        Assert.NotSame(_documents.Parse(text), _documents.Parse(text));
    }

    [Fact]
    public void Parse_MoreTextsThanTheMaximum_ClearsTheCache()
    {
        var first = _documents.Parse("0");

        for (var number = 1; number <= 200; number++) _documents.Parse(number.ToString());

        Assert.NotSame(first, _documents.Parse("0"));
    }

    [Fact]
    public void Render_SameTextWithOtherValues_ShowsTheNewValues()
    {
        using var folder =
            new TemplateFolder(("default.sbn",
            "# {{ defect.title }}\n\n| | |\n|-|-|\n| a | [b]({{ defect.url }}) {{ defect.title }} |\n| c | {{ project.code }} |"));
        var store = folder.Load();

        for (var id = 1; id <= 3; id++)
        {
            var (outline, _) = Rendered.By(store, Some.DefectEvent with { Name = "defect.x", SubjectId = id, Title = $"t{id}" });

            Assert.Equal($"h1 t{id}\nfield a = {{->https://app.qase.io/defect/WEB/view/{id}|b}} t{id}\nfield c = WEB", outline);
        }
    }
}
