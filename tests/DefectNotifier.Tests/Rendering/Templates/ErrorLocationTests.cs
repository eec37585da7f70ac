using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Rendering.JsonTemplates;

namespace DefectNotifier.Tests.Rendering.Templates;

/// <summary>Errors have the line and column that an editor shows, although Scriban counts lines and characters differently.</summary>
public sealed class ErrorLocationTests
{
    [Theory]
    [InlineData("a\rb\r\n\rc {{ nosuch 1 }}", 2, 7)]
    [InlineData("\uE000\uE001a {{ nosuch 1 }}", 1, 8)]
    [InlineData("a\r{{ include 'none' }}", 1, 6)]
    [InlineData("a\n{{ defect.title | regex.replace @regex.replace }}", 2, 47)]
    public void Render_Error_HasTheLocationOfAnEditor(string template, int line, int column)
    {
        var (_, error) = Rendered.TryOutline(template);

        Assert.Equal(("default.sbn", line, column), (error!.Template, error.Line, error.Column));
    }

    [Theory]
    [InlineData("[\r\n\r {\"type\":\"divider\"}\r, x ]", "defect.y", 2, 24)]
    [InlineData("[ {{ include '_piece' }} y ]", "defect.y", 1, 26)]
    [InlineData("[ {{ include '_piece'; wrong }} ]", "_piece", 3, 11)]
    public void Render_InvalidJson_HasTheLocationOfAnEditor(string template, string file, int line, int column)
    {
        var result = RenderedJson.Of(ChatPlatform.Slack, null, false, ("slack/defect.y.json.sbn", template), ("defect.y.sbn", "a"),
            ("slack/_piece.json.sbn", "\n{{ func wrong }}\n{{ 'a' }} x{{ end }}\n"));

        Assert.StartsWith("This is not JSON", result.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(($"slack/{file}.json.sbn", line, column), (result.Error.Template, result.Error.Line, result.Error.Column));
    }

    [Fact]
    public void Render_WarningInAnIncludedTemplate_HasItsLocation()
    {
        using var folder = new TemplateFolder(("default.sbn", "\n\n{{ include '_piece' }}"),
            ("_piece.sbn", "a\r\n\r{{ mention 'nobody' }}"));

        var warning =
            Assert.Single(RenderedJson.By(folder.Load(), ChatPlatform.Slack, Some.DefectEvent with { Name = "defect.y" }).Warnings);

        Assert.Equal(("_piece.sbn", 2, 5), (warning.Template, warning.Line, warning.Column));
    }

    [Theory]
    [InlineData("a\r\r{{ defect.titel }}", 7)]
    [InlineData("a\r\r{{ include 'none' }}", 7)]
    public void Inspect_UnknownName_HasTheLocationOfAnEditor(string template, int column)
    {
        var issue = Assert.Single(TemplateInspector.Inspect([new TemplateSource("default.sbn", template)]));

        Assert.Equal((1, column), (issue.Line, issue.Column));
    }

    /// <summary>Private-use characters are removed before a template is parsed, so the inspector must not see them either.</summary>
    [Theory]
    [InlineData("\uE000a {\uE001{ if x", 4)]
    [InlineData("\uE000a {{ defect.title \uE00B}}{\uE00B{ if x }}", 27)]
    [InlineData("\uE000{{ for }\uE000} a", 9)]
    public void Load_ErrorAmongPrivateUseCharacters_IsAlsoFoundByTheInspector(string template, int column)
    {
        using var folder = new TemplateFolder(("default.sbn", template));

        var error = Assert.Single(folder.Load().Errors);
        var issues = TemplateInspector.Inspect([new TemplateSource("default.sbn", template)]);

        Assert.Equal((1, column), (error.Line, error.Column));
        Assert.Contains(issues, issue => (issue.Line, issue.Column, issue.Message) == (error.Line, error.Column, error.Message));
    }
}
