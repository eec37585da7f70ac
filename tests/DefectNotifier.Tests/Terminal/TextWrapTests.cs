using DefectNotifier.Chat.TextViews;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Tests.Terminal;

/// <summary>Lines are broken between words.</summary>
public sealed class TextWrapTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("one two", "one two")]
    [InlineData("one two three", "one two |three")]
    [InlineData("exactly10 ok", "exactly10 |ok")]
    [InlineData("averylongword and", "averylongword |and")]
    [InlineData("  indented text", "  indented |text")]
    public void Wrap_TenCharacters_BreaksBetweenWords(string text, string expected)
    {
        var parts = Wrap(new TextRun(text, TextStyle.Plain));

        Assert.Equal(expected, string.Join('|', parts.Select(part => string.Concat(part.Select(run => run.Text)))));
    }

    [Fact]
    public void Wrap_Runs_KeepTheirStyles()
    {
        var parts = Wrap(new TextRun("bold ", TextStyle.Bold), new TextRun("and plain", TextStyle.Plain));

        Assert.Equal([TextStyle.Bold, TextStyle.Plain], parts[0].Select(run => run.Style));
        Assert.Equal([new TextRun("plain", TextStyle.Plain)], parts[1]);
    }

    private static IReadOnlyList<IReadOnlyList<TextRun>> Wrap(params TextRun[] line) => TextWrap.Wrap(line, 10);
}
