using System.Text;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Worker.Terminal;
using Spectre.Console;

namespace DefectNotifier.Tests.Terminal;

public sealed class MessageWriterTests
{
    private const string Bold = """{"blocks":[{"type":"section","text":{"type":"mrkdwn","text":"a *b* _c_ <https://e.com|d>"}}]}""";

    [Fact]
    public void Write_NoTerminal_WritesPlainText() => Assert.Equal("a b c d <https://e.com>\n", Written(Bold, AnsiSupport.No));

    [Fact]
    public void Write_Terminal_ShowsBoldAndItalic()
    {
        var written = Written(Bold, AnsiSupport.Yes);

        Assert.Contains("\u001b[1mb\u001b[0m", written, StringComparison.Ordinal);
        Assert.Contains("\u001b[3mc\u001b[0m", written, StringComparison.Ordinal);
        Assert.Equal("a b c d <https://e.com>\n", WithoutColours(written));
    }

    [Theory]
    [InlineData("x \u001b[31mred \u009b31m \u0007", "x \uFFFD[31mred \uFFFD31m \uFFFD")]
    [InlineData("[red]markup[/] [[ ]]", "[red]markup[/] [[ ]]")]
    [InlineData("turned \u202e round", "turned \uFFFD round")]
    [InlineData("tab\there", "tab    here")]
    [InlineData("joined\u2060word", "joinedword")]
    public void Write_HostileText_IsShownAsText(string text, string expected)
    {
        var json = $$"""{"text":{{System.Text.Json.JsonSerializer.Serialize(text)}}}""";

        Assert.Equal(expected + "\n", Written(json, AnsiSupport.No));
        Assert.Equal(expected + "\n", WithoutColours(Written(json, AnsiSupport.Yes)));
    }

    [Fact]
    public void Write_TeamsAttentionCard_HasAColouredHeading()
    {
        const string Card =
            """
            {
              "type": "AdaptiveCard",
              "body": [
                {
                  "type": "Container",
                  "style": "attention",
                  "items": [{ "type": "TextBlock", "text": "Down", "size": "Large", "weight": "Bolder" }]
                },
                { "type": "TextBlock", "text": "calm" }
              ]
            }
            """;

        var lines = Written(Card, AnsiSupport.Yes, ChatPlatform.Teams).Split('\n');

        Assert.Equal("\u001b[1;91mDown\u001b[0m", lines[0]);
        Assert.Equal("calm", lines[2]);
    }

    private static string Written(string json, AnsiSupport ansi, ChatPlatform platform = ChatPlatform.Slack)
    {
        var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = ansi,
            ColorSystem = ColorSystemSupport.Standard,
        });
        MessageWriter.Write(console, platform, Encoding.UTF8.GetBytes(json));
        return output.ToString().ReplaceLineEndings("\n");
    }

    private static string WithoutColours(string text) => System.Text.RegularExpressions.Regex.Replace(text, "\u001b\\[[0-9;]*m", "");
}
