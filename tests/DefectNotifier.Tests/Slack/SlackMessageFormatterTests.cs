using System.Text.Json;
using DefectNotifier.Chat.Slack;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Slack;

public class SlackMessageFormatterTests
{
    private const string Url = "https://example.com/";
    private static readonly DateTimeOffset Moment = DateTimeOffset.FromUnixTimeSeconds(1_790_000_000);

    [Fact]
    public void Format_Document_HasTextBlocksAndNoUnfurling()
    {
        var message = new SlackMessageFormatter().Format(new MessageDocument([Paragraph("Hello")], MessageStyle.Good));

        Assert.Equal(ChatPlatform.Slack, message.Platform);
        Assert.Equal(
            """{"text":"Hello","blocks":[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":"""
            + """[{"type":"text","text":"Hello"}]}]}],"unfurl_links":false,"unfurl_media":false}""",
            System.Text.Encoding.UTF8.GetString(message.Json.Span));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Format_ShortHeading_IsAHeaderWithoutEmoji(int level) => AssertBlocks(
        """[{"type":"header","text":{"type":"plain_text","text":":tada: *done*","emoji":false}}]""",
        new HeadingBlock(level, [new MessageInline(":tada: "), new MessageInline("*done*", InlineStyle.Italic)]));

    [Fact]
    public void Format_DeepHeading_IsBoldText() => AssertBlocks(
        """
        [{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[
            {"type":"text","text":"Steps","style":{"bold":true}}]}]}]
        """,
        new HeadingBlock(3, Runs("Steps")));

    [Fact]
    public void Format_HeadingWithLink_KeepsTheLink() => AssertBlocks(
        """
        [{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[
            {"type":"link","url":"https://example.com/","text":"WEB-1","style":{"bold":true}}]}]}]
        """,
        new HeadingBlock(1, [new MessageInline("WEB-1") { Url = Url }]));

    [Theory]
    [InlineData(150, "header")]
    [InlineData(151, "rich_text")]
    public void Format_LongHeading_IsKeptWhole(int length, string expectedType)
    {
        var block = Blocks(new HeadingBlock(1, Runs(new string('x', length))))[0];

        Assert.Equal(expectedType, block.GetProperty("type").GetString());
        Assert.Contains(new string('x', length), block.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Format_Paragraph_StylesItsRuns() => AssertBlocks(
        """
        [{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[
            {"type":"text","text":"<!channel> "},
            {"type":"text","text":"all","style":{"bold":true,"italic":true,"strike":true,"code":true}},
            {"type":"link","url":"https://example.com/","text":"here","style":{"code":true}},
            {"type":"date","timestamp":1790000000,"format":"{date_short_pretty} {time}","fallback":"today"},
            {"type":"date","timestamp":1790000000,"format":"{date_short_pretty} {time}","url":"https://example.com/","fallback":"then"},
            {"type":"text","text":"long ago"}]}]}]
        """,
        new ParagraphBlock([
            new MessageInline("<!channel> "),
            new MessageInline("all", InlineStyle.Bold | InlineStyle.Italic | InlineStyle.Strike | InlineStyle.Code),
            new MessageInline("here", InlineStyle.Code) { Url = Url },
            new MessageInline("today", InlineStyle.Bold) { Date = Moment },
            new MessageInline("then") { Date = Moment, Url = Url },
            new MessageInline("long ago") { Date = DateTimeOffset.UnixEpoch.AddDays(-1) },
        ]));

    [Fact]
    public void Format_QuoteAndCode_AreRichText() => AssertBlocks(
        """
        [{"type":"rich_text","elements":[{"type":"rich_text_quote","elements":[{"type":"text","text":"a\nb"}]}]},
         {"type":"rich_text","elements":[{"type":"rich_text_preformatted","elements":[{"type":"text","text":"x = `1`"}]}]}]
        """,
        new QuoteBlock(Runs("a\nb")), new CodeBlock("x = `1`"));

    [Fact]
    public void Format_CodeOfSeveralLinesInAQuote_IsABlockWithItsBorder() => AssertBlocks(
        """
        [{"type":"rich_text","elements":[
            {"type":"rich_text_quote","elements":[
                {"type":"text","text":"one","style":{"code":true}},{"type":"text","text":"Traceback:"}]},
            {"type":"rich_text_preformatted","border":1,"elements":[{"type":"text","text":"  at a\n  at b"}]},
            {"type":"rich_text_quote","elements":[
                {"type":"text","text":" … "},{"type":"link","url":"https://example.com/","text":"more"}]}]}]
        """,
        new QuoteBlock([
            new MessageInline("one", InlineStyle.Code), new MessageInline("Traceback:\n"),
            new MessageInline("  at a\n  at b", InlineStyle.Code),
            new MessageInline(" … "), new MessageInline("more") { Url = Url },
        ]));

    [Fact]
    public void Format_NestedList_HasOneElementPerIndentAndNumbering()
    {
        ListItem[] items = [Item(0, 3, "c"), Item(0, 4, "d"), Item(1, null, "x"), Item(99, null, "deep"), Item(0, 5, "e"), Item(0, 1, "a")];

        var lists = Blocks(new ListBlock(items))[0].GetProperty("elements").EnumerateArray().Select(list =>
            (list.GetProperty("style").GetString(), list.GetProperty("indent").GetInt32(),
                list.TryGetProperty("offset", out var offset) ? offset.GetInt32() : 0, list.GetProperty("elements").GetArrayLength()));

        Assert.Equal([("ordered", 0, 2, 2), ("bullet", 1, 0, 1), ("bullet", 8, 0, 1), ("ordered", 0, 4, 1), ("ordered", 0, 0, 1)], lists);
    }

    [Fact]
    public void Format_TableThatMrkdwnCanShow_IsFields() => AssertBlocks(
        """
        [{"type":"section","fields":[
            {"type":"mrkdwn","text":"*Severity*\n*Critical*","verbatim":true},
            {"type":"mrkdwn","text":"*A &amp; B*\n&lt;!channel&gt; <https://example.com/|link>","verbatim":true},
            {"type":"mrkdwn","text":"*Since*\n<!date^1790000000^{date_short_pretty} {time}|today>","verbatim":true},
            {"type":"mrkdwn","text":"*Nobody*\n–","verbatim":true}]}]
        """,
        new FieldsBlock([
            new Field(Runs("Severity"), [new MessageInline("Critical", InlineStyle.Bold)]),
            new Field(Runs("A & B"), [new MessageInline("<!channel> "), new MessageInline("link") { Url = Url }]),
            new Field(Runs("Since"), [new MessageInline("today") { Date = Moment }]),
            new Field(Runs("Nobody"), []),
        ]));

    [Theory]
    [InlineData("*bold*")]
    [InlineData("snake_case")]
    [InlineData("~x")]
    [InlineData("`x`")]
    [InlineData("ok\n> quote")]
    [InlineData(":tada:")]
    public void Format_TableWithMarkupCharacters_IsLinesOfRichText(string value)
    {
        var block = Assert.Single(Blocks(new FieldsBlock([new Field(Runs("a"), Runs("b")), new Field(Runs("Title"), Runs(value))])));

        Assert.Equal(
            [("a", true), (": b\n", false), ("Title", true), (": " + value, false)],
            block.GetProperty("elements")[0].GetProperty("elements").EnumerateArray()
                .Select(run => (run.GetProperty("text").GetString()!, run.TryGetProperty("style", out _))));
    }

    [Fact]
    public void Format_ValueTooLongForAField_IsRichText()
    {
        var table = new FieldsBlock([new Field(Runs("Log"), Runs(new string('x', 2_000)))]);

        Assert.Equal("rich_text", Assert.Single(Blocks(table)).GetProperty("type").GetString());
    }

    [Fact]
    public void Format_LongTable_IsSectionsOfTen()
    {
        var table = new FieldsBlock([.. Enumerable.Range(0, 23).Select(i => new Field(Runs($"k{i}"), Runs("v")))]);

        Assert.Equal([10, 10, 3], Blocks(table).Select(section => section.GetProperty("fields").GetArrayLength()));
    }

    [Fact]
    public void Format_Buttons_HaveUniqueIdsAndShortTexts()
    {
        var buttons = new ButtonsBlock([.. Enumerable.Range(0, 27).Select(_ => new LinkButton(new string('x', 80), Url))]);

        var elements = Blocks(buttons, buttons).Select(block => block.GetProperty("elements")).ToList();

        Assert.Equal([25, 2, 25, 2], elements.Select(row => row.GetArrayLength()));
        Assert.Equal(
            Enumerable.Range(1, 54).Select(i => $"open-{i}"),
            elements.SelectMany(row => row.EnumerateArray()).Select(button => button.GetProperty("action_id").GetString()));
        Assert.Equal(new string('x', 74) + "…", elements[0][0].GetProperty("text").GetProperty("text").GetString());
    }

    [Fact]
    public void Format_ImageAndDivider_AreSlackBlocks() => AssertBlocks(
        """[{"type":"image","image_url":"https://example.com/a.png","alt_text":"Image"},{"type":"divider"}]""",
        new ImageBlock(Url + "a.png", ""), new DividerBlock());

    [Fact]
    public void Format_Notes_KeepTextAndLinks() => AssertBlocks(
        """
        [{"type":"context","elements":[{"type":"mrkdwn","text":"by <https://example.com/|Ann>","verbatim":true}]},
         {"type":"context","elements":[{"type":"plain_text","text":"by *Ann*","emoji":false}]},
         {"type":"rich_text","elements":[{"type":"rich_text_section","elements":[
            {"type":"text","text":"by "},{"type":"link","url":"https://example.com/","text":"*Ann*"}]}]}]
        """,
        new NoteBlock([new MessageInline("by "), new MessageInline("Ann") { Url = Url }]),
        new NoteBlock([new MessageInline("by "), new MessageInline("*Ann*")]),
        new NoteBlock([new MessageInline("by "), new MessageInline("*Ann*") { Url = Url }]));

    [Theory]
    [InlineData("Cart <b> & co", "Cart &lt;b&gt; &amp; co · WEB · Critical")]
    [InlineData("🟠 critical: Cart of WEB", "🟠 critical: Cart of WEB")]
    public void Format_Text_IsTheHeadingAndMissingLabels(string heading, string text)
    {
        var document = new MessageDocument(
            [Paragraph("two\nlines"), new HeadingBlock(1, Runs(heading))], MessageStyle.Default)
        { Labels = ["WEB", "Critical"] };

        var message = new SlackMessageFormatter().Format(document);

        Assert.Equal(text, JsonElement.Parse(message.Json.Span).GetProperty("text").GetString());
        Assert.Equal(heading + "\ntwo lines", message.Text);
    }

    [Fact]
    public void Format_TextWithoutAHeading_IsTheFirstBlockOnOneLine() =>
        Assert.Equal("two lines", Message(Paragraph("two\nlines"), Paragraph("more")).GetProperty("text").GetString());

    [Fact]
    public void Format_LongText_IsCutForTheNotification() =>
        Assert.Equal(
            string.Concat(Enumerable.Repeat("&amp;", 199)) + "…",
            Message(Paragraph(new string('&', 2_000))).GetProperty("text").GetString());

    [Fact]
    public void Format_Mentions_AreSlackMentions() => AssertBlocks(
        """
        [{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[
            {"type":"user","user_id":"U012AB3CD","style":{"bold":true}},{"type":"text","text":" "},
            {"type":"usergroup","usergroup_id":"S012AB3CD"},{"type":"text","text":" "},
            {"type":"broadcast","range":"here"},{"type":"text","text":" "},{"type":"text","text":"@nobody"}]}]},
         {"type":"section","fields":[{"type":"mrkdwn","text":"*Who*\n<@U012AB3CD> <!subteam^S012AB3CD> <!here> @nobody","verbatim":true}]},
         {"type":"context","elements":[{"type":"mrkdwn","text":"for <@U012AB3CD>","verbatim":true}]}]
        """,
        new ParagraphBlock([Person with { Style = InlineStyle.Bold }, new(" "), Group, new(" "), Here, new(" "), Nobody]),
        new FieldsBlock([new Field(Runs("Who"), [Person, new(" "), Group, new(" "), Here, new(" "), Nobody])]),
        new NoteBlock([new("for "), Person]));

    [Fact]
    public void Format_ShortenedDocument_LinksToTheDefect()
    {
        var document = new MessageDocument(
            [new HeadingBlock(1, Runs("a")), Paragraph(new string('x', 20_000))], MessageStyle.Default)
        { Link = Url };

        var message = JsonElement.Parse(new SlackMessageFormatter().Format(document).Json.Span);

        Assert.Empty(SlackRules.Check(message));
        Assert.Equal(
            "… shortened, <https://example.com/|open in Qase>",
            message.GetProperty("blocks")[2].GetProperty("elements")[0].GetProperty("text").GetString());
    }

    [Fact]
    public void Format_EmptyDocument_HasAPlaceholder() => Assert.Equal("(empty message)", Message().GetProperty("text").GetString());

    [Fact]
    public void Format_DocumentAtTheLimit_IsNotShortened()
    {
        var message = Message(Paragraph(new string('x', 9_500)));

        Assert.DoesNotContain("…", message.GetProperty("blocks").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Format_DocumentOverTheLimit_UsesTheWholeLimit()
    {
        var block = Message(Paragraph(new string('x', 9_501))).GetProperty("blocks")[0];

        var run = block.GetProperty("elements")[0].GetProperty("elements")[0];
        Assert.Equal(new string('x', 9_499) + "…", run.GetProperty("text").GetString());
    }

    private static MessageInline Person => new("@QA lead") { Mention = new Mention("QA lead") { Slack = "U012AB3CD" } };

    private static MessageInline Group => new("@team_a *") { Mention = new Mention("team_a *") { Slack = "S012AB3CD" } };

    private static MessageInline Here => new("@all") { Mention = new Mention("all") { Slack = "here" } };

    private static MessageInline Nobody => new("@nobody") { Mention = new Mention("nobody") { Teams = "a@example.com" } };

    private static void AssertBlocks(string expected, params MessageBlock[] blocks) => Assert.Equal(
        JsonSerializer.Serialize(JsonElement.Parse(expected)), JsonSerializer.Serialize(Message(blocks).GetProperty("blocks")));

    private static JsonElement[] Blocks(params MessageBlock[] blocks) => [.. Message(blocks).GetProperty("blocks").EnumerateArray()];

    private static JsonElement Message(params MessageBlock[] blocks)
    {
        var message = JsonElement.Parse(new SlackMessageFormatter().Format(new MessageDocument(blocks, MessageStyle.Default)).Json.Span);
        Assert.Empty(SlackRules.Check(message));
        return message;
    }

    private static MessageInline[] Runs(string text) => [new(text)];

    private static ParagraphBlock Paragraph(string text) => new(Runs(text));

    private static ListItem Item(int indent, int? number, string text) => new(indent, number, Runs(text));
}
