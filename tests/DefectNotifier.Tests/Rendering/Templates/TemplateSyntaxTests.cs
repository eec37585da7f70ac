using DefectNotifier.Rendering.Templates;

namespace DefectNotifier.Tests.Rendering.Templates;

public sealed class TemplateSyntaxTests
{
    [Theory]
    [InlineData("{{ event.time |  }}*\n")]
    [InlineData("{{ event.time |")]
    [InlineData("a\n{{ if")]
    [InlineData("{{ for x in }}\n")]
    [InlineData("{{ x = }}\n\n")]
    [InlineData("{{ f 'a")]
    public void ErrorsOf_IncompleteText_HasALocationWithinTheText(string text)
    {
        var lines = text.Split('\n');

        var issues = TemplateSyntax.ErrorsOf(new TemplateSource("a.sbn", text)).ToList();

        Assert.NotEmpty(issues);
        Assert.All(issues, issue => Assert.InRange(issue.Line, 1, lines.Length));
        Assert.All(issues, issue => Assert.InRange(issue.Column, 1, lines[issue.Line - 1].Length + 1));
    }
}
