using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DefectNotifier.Chat.Teams;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Teams;

public class TeamsMessageFormatterTests
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const string Url = "https://example.com/";

    [Fact]
    public void Format_Document_IsAMessageWithOneCard()
    {
        var message = new TeamsMessageFormatter().Format(new MessageDocument([Paragraph("Caf\u00E9 *1*")], MessageStyle.Good));

        Assert.Equal(ChatPlatform.Teams, message.Platform);
        Assert.Equal(
            """{"type":"message","summary":"Café *1*","attachments":["""
            + """{"contentType":"application/vnd.microsoft.card.adaptive","contentUrl":null,"content":"""
            + """{"$schema":"http://adaptivecards.io/schemas/adaptive-card.json","type":"AdaptiveCard","version":"1.2","msteams":"""
            + """{"width":"Full"},"fallbackText":"Café \\*1\\*","body":["""
            + """{"type":"RichTextBlock","inlines":[{"type":"TextRun","text":"Café *1*"}]}]}}]}""",
            Encoding.UTF8.GetString(message.Json.Span));
    }

    [Theory]
    [InlineData(MessageStyle.Default, "emphasis")]
    [InlineData(MessageStyle.Good, "good")]
    [InlineData(MessageStyle.Warning, "warning")]
    [InlineData(MessageStyle.Attention, "attention")]
    public void Format_Title_ColoursItsContainer(MessageStyle tone, string style) => AssertBody(
        $$"""
        [{"type":"Container","style":"{{style}}","bleed":true,"items":[
            {"type":"RichTextBlock","inlines":[{"type":"TextRun","text":"Cart","size":"Large","weight":"Bolder"}]}]}]
        """,
        tone, new HeadingBlock(1, Runs("Cart")));

    [Fact]
    public void Format_Table_IsATable() => AssertBody(
        """
        [{"type":"Table","firstRowAsHeaders":true,"columns":[{"width":1},{"width":1}],"rows":[
            {"type":"TableRow","cells":[
                {"type":"TableCell","items":[
                    {"type":"RichTextBlock","inlines":[{"type":"TextRun","text":"A","weight":"Bolder"}]}]},
                {"type":"TableCell","items":[]}]},
            {"type":"TableRow","cells":[
                {"type":"TableCell","items":[{"type":"RichTextBlock","inlines":[{"type":"TextRun","text":"*b*"}]}]},
                {"type":"TableCell","items":[{"type":"RichTextBlock","inlines":[{"type":"TextRun","text":"c"}]}]}]}]}]
        """,
        new TableBlock([new TableRow([Runs("A"), []]), new TableRow([Runs("*b*"), Runs("c")])], HasHeading: true));

    [Fact]
    public void Format_LargeTable_IsLinesWithAllRows()
    {
        var table = new TableBlock(
            [.. Enumerable.Range(0, 150).Select(row => new TableRow([Runs($"row {row}"), Runs("b"), Runs("c")]))], HasHeading: false);
        var json = Encoding.UTF8.GetString(
            new TeamsMessageFormatter().Format(new MessageDocument([table], MessageStyle.Good)).Json.Span);

        Assert.DoesNotContain("TableRow", json, StringComparison.Ordinal);
        Assert.Contains("\"version\":\"1.2\"", json, StringComparison.Ordinal);
        Assert.Contains("row 149 · b · c", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Format_DeeperHeading_IsBold() => AssertBody(
        """[{"type":"RichTextBlock","inlines":[{"type":"TextRun","text":"Steps","weight":"Bolder"}]}]""",
        new HeadingBlock(2, Runs("Steps")));

    [Fact]
    public void Format_Paragraph_StylesItsRuns() => AssertBody(
        """
        [{"type":"RichTextBlock","inlines":[
            {"type":"TextRun","text":"<at>x</at>\n"},
            {"type":"TextRun","text":"all","weight":"Bolder","italic":true,"strikethrough":true,"fontType":"Monospace"},
            {"type":"TextRun","text":"here","selectAction":{"type":"Action.OpenUrl","url":"https://example.com/"}},
            {"type":"TextRun","text":"today"}]}]
        """,
        new ParagraphBlock([
            new MessageInline("<at>x</at>\n"),
            new MessageInline("all", InlineStyle.Bold | InlineStyle.Italic | InlineStyle.Strike | InlineStyle.Code),
            new MessageInline("here") { Url = Url },
            new MessageInline("today") { Date = DateTimeOffset.UnixEpoch },
        ]));

    [Fact]
    public void Format_QuoteAndCode_AreBoxes() => AssertBody(
        """
        [{"type":"Container","style":"emphasis","items":[{"type":"RichTextBlock","inlines":[{"type":"TextRun","text":"said"}]}]},
         {"type":"Container","style":"emphasis","items":[
            {"type":"RichTextBlock","inlines":[{"type":"TextRun","text":"a\nNb","fontType":"Monospace"}]}]}]
        """.Replace("N", "\u00A0", StringComparison.Ordinal),
        new QuoteBlock(Runs("said")), new CodeBlock("a\n b"));

    [Fact]
    public void Format_List_WritesItsMarkers() => AssertBody(
        """
        [{"type":"RichTextBlock","inlines":[{"type":"TextRun","text":"3. "},{"type":"TextRun","text":"three"}]},
         {"type":"RichTextBlock","spacing":"Small","inlines":[{"type":"TextRun","text":"NNNN• "},{"type":"TextRun","text":"inner"}]}]
        """.Replace("N", "\u00A0", StringComparison.Ordinal),
        new ListBlock([new ListItem(0, 3, Runs("three")), new ListItem(1, null, Runs("inner"))]));

    [Fact]
    public void Format_Table_IsEscapedFacts() => AssertBody(
        """
        [{"type":"FactSet","facts":[
            {"title":"Found\\_in","value":"C:\\Jtemp\\J\\*.log two"},
            {"title":"Link","value":"[a|b](https://example.com/)"},
            {"title":"Nobody","value":"–"}]}]
        """.Replace("J", "\u2060", StringComparison.Ordinal),
        new FieldsBlock([
            new Field(Runs("Found_in"), Runs("C:\\temp\\*.log\ntwo")),
            new Field(Runs("Link"), [new MessageInline("a|b") { Url = Url }]),
            new Field(Runs("Nobody"), Runs(" ")),
        ]));

    [Fact]
    public void Format_Note_IsSmallAndSubtle() => AssertBody(
        """[{"type":"RichTextBlock","inlines":[{"type":"TextRun","text":"by Ann","size":"Small","isSubtle":true}]}]""",
        new NoteBlock(Runs("by Ann")));

    [Fact]
    public void Format_Images_AreShownOverHttpsOnly() => AssertBody(
        """
        [{"type":"Image","url":"https://example.com/a.png","altText":"shot"},
         {"type":"RichTextBlock","inlines":[{"type":"TextRun","text":"shot","size":"Small","isSubtle":true,
            "selectAction":{"type":"Action.OpenUrl","url":"http://example.com/a.png"}}]}]
        """,
        new ImageBlock("https://example.com/a.png", "shot"), new ImageBlock("http://example.com/a.png", "shot"));

    [Fact]
    public void Format_Divider_IsALineAboveTheNextElement() => AssertBody(
        """
        [{"type":"RichTextBlock","inlines":[{"type":"TextRun","text":"a"}]},
         {"type":"Container","separator":true,"style":"emphasis","items":[
            {"type":"RichTextBlock","inlines":[{"type":"TextRun","text":"b"}]}]}]
        """,
        Paragraph("a"), new DividerBlock(), new DividerBlock(), new QuoteBlock(Runs("b")), new DividerBlock());

    [Fact]
    public void Format_ButtonsOverTheLimit_AreLinks()
    {
        var body = Body(new ButtonsBlock([.. Enumerable.Range(1, 8).Select(i => new LinkButton($"b{i}", Url))]));

        Assert.Equal(
            ["b1", "b2", "b3", "b4", "b5", "b6"],
            body[0].GetProperty("actions").EnumerateArray().Select(action => action.GetProperty("title").GetString()));
        Assert.Equal(
            ["b7", " · ", "b8"], body[1].GetProperty("inlines").EnumerateArray().Select(run => run.GetProperty("text").GetString()));
    }

    [Fact]
    public void Format_DateFunctions_AreBrokenUpEverywhere()
    {
        const string Function = "{{DATE(2020-01-01T00:00:00Z)}}";
        var json = JsonSerializer.Serialize(Body(
            new HeadingBlock(1, Runs(Function)), new CodeBlock(Function), new ButtonsBlock([new LinkButton(Function, Url)]),
            new ImageBlock(Url, Function), new FieldsBlock([new Field(Runs(Function), Runs(Function))])));

        Assert.DoesNotContain("{{DATE(", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Format_Mentions_AreMarkdownTextsWithEntities()
    {
        var lead = new MessageInline("@QA lead") { Mention = new Mention("QA lead") { Teams = "lead@contoso.com" } };
        var group = new MessageInline("@team") { Mention = new Mention("team") { Slack = "S012AB3CD" } };
        MessageBlock[] blocks = [
            new ParagraphBlock([new("Look, *", InlineStyle.Bold), new("\n"), lead, new(" and "), group]),
            new FieldsBlock([new Field(Runs("Who"), [lead])]),
            new NoteBlock([group]),
        ];

        AssertBody(
            """
            [{"type":"TextBlock","text":"**Look, \\*J**\n\n<at>QA lead</at> and @team","wrap":true},
             {"type":"FactSet","facts":[{"title":"Who","value":"<at>QA lead</at>"}]},
             {"type":"RichTextBlock","inlines":[{"type":"TextRun","text":"@team","size":"Small","isSubtle":true}]}]
            """.Replace("J", "\u2060", StringComparison.Ordinal),
            blocks);
        Assert.Contains(
            """ "entities":[{"type":"mention","text":"<at>QA lead</at>","mentioned":{"id":"lead@contoso.com","name":"QA lead"}}]""".Trim(),
            Encoding.UTF8.GetString(new TeamsMessageFormatter().Format(new MessageDocument(blocks, MessageStyle.Default)).Json.Span),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Format_EmptyDocument_HasAPlaceholder() =>
        AssertBody("""[{"type":"RichTextBlock","inlines":[{"type":"TextRun","text":"(empty message)"}]}]""");

    [Fact]
    public void Format_LongText_UsesTheWholeLimit()
    {
        var message = new TeamsMessageFormatter().Format(new MessageDocument([Paragraph(new string('x', 30_000))], MessageStyle.Default));

        Assert.InRange(message.Json.Length, 20_470, 20_480);
    }

    [Theory]
    [InlineData("""{"path":"C:\\temp\\log.txt","ok":false}""")]
    [InlineData("\"\\")]
    public void Format_TextThatEscapingDoubles_IsWithinTheStoredLimit(string text)
    {
        var message = new TeamsMessageFormatter().Format(
            new MessageDocument([new CodeBlock(string.Concat(Enumerable.Repeat(text, 5000)))], MessageStyle.Default));

        var stored = JsonSerializer.Serialize(Encoding.UTF8.GetString(message.Json.Span), Relaxed);
        Assert.InRange(Encoding.UTF8.GetByteCount(stored), 20_000, 24_010);
    }

    private static void AssertBody(string expected, params MessageBlock[] blocks) => AssertBody(expected, MessageStyle.Default, blocks);

    private static void AssertBody(string expected, MessageStyle tone, params MessageBlock[] blocks) => Assert.Equal(
        JsonSerializer.Serialize(JsonElement.Parse(expected)), JsonSerializer.Serialize(Body(tone, blocks)));

    private static JsonElement Body(params MessageBlock[] blocks) => Body(MessageStyle.Default, blocks);

    private static JsonElement Body(MessageStyle tone, MessageBlock[] blocks)
    {
        var message = JsonElement.Parse(new TeamsMessageFormatter().Format(new MessageDocument(blocks, tone)).Json.Span);
        Assert.Empty(TeamsRules.Check(message));
        return message.GetProperty("attachments")[0].GetProperty("content").GetProperty("body");
    }

    private static MessageInline[] Runs(string text) => [new(text)];

    private static ParagraphBlock Paragraph(string text) => new(Runs(text));
}
