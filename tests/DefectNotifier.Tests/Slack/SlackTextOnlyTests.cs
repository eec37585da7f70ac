using System.Text;
using System.Text.Json;
using CsCheck;
using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Slack;
using DefectNotifier.Chat.Slack.Sending;
using DefectNotifier.Chat.TextViews;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Tests.Http;

namespace DefectNotifier.Tests.Slack;

/// <summary>The text that is sent when a message is rejected for its blocks, and the text for notifications.</summary>
public sealed class SlackTextOnlyTests
{
    private const string Url = "https://app.qase.io/defect/WEB-41?a=1&b=2";
    private const string Link = "<https://app.qase.io/defect/WEB-41?a=1&amp;b=2|Open in Qase>";
    private const string Markup =
        "*stars* _under_ ~struck~ `code` ```block``` <b> &amp; & <!here> <https://evil.example|x> :tada: snake_case";

    private static readonly ButtonsBlock Button = new([new LinkButton("Open in Qase", Url)]);

    private static readonly Gen<string> AnyMarkup = Gen.OneOf(
        "a", "b c", " ", "*", "_", "~", "`", "```", ">", "<", "&", "&amp;", ":", ":tada:", "|", "<!channel>", "<@U1>", "\\", "é",
        "👩🏽‍💻").Array[1, 12].Select(string.Concat);

    [Theory]
    [InlineData("invalid_blocks")]
    [InlineData("invalid_attachments")]
    [InlineData("msg_too_long")]
    [InlineData("msg_blocks_too_long")]
    [InlineData("attachment_payload_limit_exceeded")]
    public async Task WebhookSend_Rejected_SendsTheTextWithTheAddress(string code)
    {
        using var handler = new RespondingHandler(
            (_, body) => body.Contains("blocks", StringComparison.Ordinal) ? (400, code) : (200, "ok"));
        using var http = new ChatHttp(TimeProvider.System, handler);

        var result = await AnyChat.Sender("slack-webhook", http)
            .SendAsync(Message(Heading(Markup), Button), "event-1", TestContext.Current.CancellationToken);

        Assert.Equal(SendOutcome.Delivered, result.Outcome);
        Assert.Equal($"sent as plain text because the full message was rejected ({code}; HTTP 400)", result.Detail);
        Assert.EndsWith("\n" + Link, JsonElement.Parse(handler.Bodies[1]).GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void TextOnly_ValuesWithMarkup_ShowLiterallyAndTheButtonIsALink()
    {
        var message = Message(Heading(Markup), new QuoteBlock([new MessageInline("> quoted\n* item")]), Button);

        Assert.Equal($"{Markup}\n> quoted * item\nOpen in Qase <{Url}>\n", ShownTextOnly(message));
        Assert.EndsWith("\n" + Link, TextOnly(message), StringComparison.Ordinal);
    }

    [Fact]
    public void TextOnly_AnyValue_ShowsLiterally() => AnyMarkup.Where(text => text.Trim().Length > 0).Sample(text =>
    {
        var message = Message(Heading(text), Button);

        Assert.Equal($"{text.Trim()}\nOpen in Qase <{Url}>\n", ShownTextOnly(message));
        Assert.Equal($"{text.Trim()}\n", Shown(new { text = TextOf(message) }));
    }, iter: PropertyCases.Of(2_000));

    [Theory]
    [InlineData("x")]
    [InlineData(" *")]
    [InlineData("&")]
    public void TextOnly_LongValue_KeepsTheNoteAndTheAddress(string repeated)
    {
        var value = string.Concat(Enumerable.Repeat(repeated, 6_000));
        var message = Message(
            Heading("Cart"), new ParagraphBlock([new MessageInline(value)]), Button, new NoteBlock([new("May be a repeat.")]));

        var text = TextOnly(message);

        Assert.InRange(text.Length, 2_700, 3_000);
        Assert.StartsWith("Cart\n", text, StringComparison.Ordinal);
        Assert.EndsWith($"…\nMay be a repeat.\n{Link}", text, StringComparison.Ordinal);
    }

    [Fact]
    public void TextOnly_SeveralButtons_AreAllLinks() => Assert.Equal(
        $"Cart\n{Link} · <https://example.com/|Run 'it' ¦ now>",
        TextOnly(Message(
            Heading("Cart"), new ButtonsBlock([.. Button.Buttons, new LinkButton("Run *it* | now", "https://example.com/")]))));

    [Fact]
    public void TextOnly_NoButton_HasTheFirstLink() => Assert.Equal(
        "Cart of WEB\n<https://example.com/|of WEB>",
        TextOnly(Message(new ParagraphBlock([new MessageInline("Cart "), new MessageInline("of WEB") { Url = "https://example.com/" }]))));

    [Fact]
    public void TextOnly_TitleThatIsTheButtonsText_Stays() =>
        Assert.Equal($"Open in Qase\n{Link}", TextOnly(Message(Heading("Open in Qase"), Button)));

    [Fact]
    public void TextOnly_VeryLongAddress_IsLeftOut()
    {
        var button = new LinkButton("Open", "https://example.com/" + new string('x', 1_980));

        Assert.Equal("Cart\nOpen", TextOnly(Message(Heading("Cart"), new ButtonsBlock([button]))));
    }

    [Fact]
    public void TextOnly_StoredMessage_HasItsNotificationTextAndTheAddress() =>
        Assert.Equal($"Cart\n{Link}", TextOnly(Message(Heading("Cart"), new DividerBlock(), Button) with { Text = null }));

    [Fact]
    public void TextOnly_StoredMessageWithALongText_IsNotMadeLonger()
    {
        var text = new string('x', 2_990);
        var json = $$"""{"text":"{{text}}","blocks":[{"type":"button","text":{"text":"Open"},"url":"https://example.com/"}]}""";

        Assert.Equal(text, TextOnly(new ChatMessage(ChatPlatform.Slack, Encoding.UTF8.GetBytes(json))));
    }

    [Theory]
    [InlineData("""{"text":"a","attachments":[{"text":"b"}],"unfurl_links":false}""", """{"text":"a","unfurl_links":false}""")]
    [InlineData("""{"text":"a","blocks":[{"type":"button","url":7,"text":"b"},null,{"url":""}]}""", """{"text":"a"}""")]
    [InlineData("""{"text":"a"}""", null)]
    [InlineData("[]", null)]
    public void TextOnly_AnyJson_HasNoBlocksOrAttachments(string json, string? expected) => Assert.Equal(
        expected,
        SlackPayload.TextOnly(new ChatMessage(ChatPlatform.Slack, Encoding.UTF8.GetBytes(json))) is { } text
            ? Encoding.UTF8.GetString(text.Span)
            : null);

    [Fact]
    public void Format_TextForNotifications_ShowsMarkupLiterally()
    {
        var message = new SlackMessageFormatter().Format(
            new MessageDocument([Heading(Markup)], MessageStyle.Default) { Labels = ["*WEB*"] });

        Assert.Equal($"{Markup} · *WEB*\n", Shown(new { text = TextOf(message) }));
    }

    private static HeadingBlock Heading(string text) => new(1, [new MessageInline(text)]);

    private static ChatMessage Message(params MessageBlock[] blocks) =>
        new SlackMessageFormatter().Format(new MessageDocument(blocks, MessageStyle.Default));

    private static string TextOnly(ChatMessage message) =>
        JsonElement.Parse(SlackPayload.TextOnly(message)!.Value.Span).GetProperty("text").GetString()!;

    private static string TextOf(ChatMessage message) => JsonElement.Parse(message.Json.Span).GetProperty("text").GetString()!;

    private static string ShownTextOnly(ChatMessage message) => Shown(new { text = TextOnly(message) });

    private static string Shown(object message) => SlackTextView.Render(JsonSerializer.SerializeToUtf8Bytes(message))
        .Replace("\u2060", "", StringComparison.Ordinal);
}
