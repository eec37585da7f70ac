using System.Text.Json;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Tests.Terminal;

public sealed class TerminalTextTests
{
    [Theory]
    [InlineData("WEB", "WEB")]
    [InlineData(null, "")]
    [InlineData("a\u001b[31mred", "a\uFFFD[31mred")]
    [InlineData("two\r\nlines\ttab", "two\uFFFD\uFFFDlines\uFFFDtab")]
    [InlineData("c1 \u009b31m \u007f", "c1 \uFFFD31m \uFFFD")]
    [InlineData("turned \u202e round \u2066", "turned \uFFFD round \uFFFD")]
    [InlineData("hidden \u200b\ufeff", "hidden \uFFFD\uFFFD")]
    [InlineData("lines \u2028\u2029", "lines \uFFFD\uFFFD")]
    [InlineData("Ünïcode 漢字 \U0001F469\u200D\U0001F4BB", "Ünïcode 漢字 \U0001F469\u200D\U0001F4BB")]
    public void Line_AnyText_ContainsNoControlCharacters(string? text, string expected) => Assert.Equal(expected, TerminalText.Line(text));

    [Fact]
    public void Line_LoneSurrogate_IsReplaced() => Assert.Equal("a\uFFFDb", TerminalText.Line("a" + (char)0xD800 + "b"));

    [Fact]
    public void Json_UnsafeCharacters_AreEscaped()
    {
        var text = "x \u202e \u009b \u200b \U000E0001 é";
        var json = "{\n  \"name\": \"" + text + "\"\n}";

        var clean = TerminalText.Json(json);

        Assert.Equal(text, JsonDocument.Parse(clean).RootElement.GetProperty("name").GetString());
        Assert.DoesNotContain(clean, character => character is '\u202e' or '\u009b' or '\u200b' || char.IsSurrogate(character));
        Assert.Contains('é', clean);
        Assert.Contains('\n', clean);
    }

    [Theory]
    [InlineData("short", "short")]
    [InlineData("  one two three four", "  one two|    three|    four")]
    [InlineData("  one-word-that-is-too-long two", "  one-word-that-is-too-long|    two")]
    [InlineData("one-word-that-is-too-long", "one-word-that-is-too-long")]
    [InlineData("", "")]
    public void Wrap_LongLine_IsBrokenAtSpaces(string line, string expected) =>
        Assert.Equal(expected.Split('|'), TerminalText.Wrap(line, width: 10));
}
