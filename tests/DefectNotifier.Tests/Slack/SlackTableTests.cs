using System.Text.Json;
using DefectNotifier.Chat.Slack;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Slack;

public sealed class SlackTableTests
{
    [Fact]
    public void Format_Tables_TheFirstIsATableAndTheOthersAreLines() => Assert.Equal(
        JsonSerializer.Serialize(JsonElement.Parse("""
        [{"type":"table","column_settings":[{"is_wrapped":true},{"is_wrapped":true}],"rows":[
            [{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"A","style":{"bold":true}}]}]},
                {"type":"raw_text","text":" "}],
            [{"type":"raw_text","text":"<!here>"},
                {"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"*b*"}]}]}]]},
        {"type":"rich_text","elements":[{"type":"rich_text_section","elements":[
            {"type":"text","text":"c","style":{"bold":true}},{"type":"text","text":" · "},
            {"type":"text","text":"d","style":{"bold":true}},{"type":"text","text":"\ne · f"}]}]}]
        """)),
        JsonSerializer.Serialize(Blocks(
            new TableBlock([new TableRow([Runs("A"), []]), new TableRow([Runs("<!here>"), Runs("*b*")])], HasHeading: true),
            new TableBlock([new TableRow([Runs("c"), Runs("d")]), new TableRow([Runs("e"), Runs("f")])], HasHeading: true))));

    [Theory]
    [InlineData(101, 2)]
    [InlineData(2, 21)]
    public void Format_TableBeyondTheLimits_IsLines(int rows, int columns)
    {
        var table = new TableBlock(
            [.. Enumerable.Range(0, rows).Select(_ => new TableRow([.. Enumerable.Range(0, columns).Select(_ => Runs("x"))]))],
            HasHeading: false);

        Assert.Equal("rich_text", Blocks(table)[0].GetProperty("type").GetString());
    }

    private static JsonElement Blocks(params MessageBlock[] blocks)
    {
        var message = JsonElement.Parse(new SlackMessageFormatter().Format(new MessageDocument(blocks, MessageStyle.Default)).Json.Span);
        Assert.Empty(SlackRules.Check(message));
        return message.GetProperty("blocks");
    }

    private static MessageInline[] Runs(string text) => [new(text)];
}
