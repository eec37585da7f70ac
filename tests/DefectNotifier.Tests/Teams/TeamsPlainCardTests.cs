using System.Text.Json;
using CsCheck;
using DefectNotifier.Chat.Teams;
using DefectNotifier.Chat.Teams.Sending;
using DefectNotifier.Chat.TextViews;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Limits;

namespace DefectNotifier.Tests.Teams;

public sealed class TeamsPlainCardTests
{
    private const string Url = "https://example.com/defect/1";

    [Fact]
    public void TryWrite_Message_IsTitleTextAndLink()
    {
        var message = new TeamsMessageFormatter().Format(new MessageDocument(
            [
                new ParagraphBlock([new MessageInline("linked") { Url = "https://example.com/first" }]),
                new HeadingBlock(1, [new MessageInline("Cart **is** empty")]),
                new ButtonsBlock([new LinkButton("Open in Qase", Url), new LinkButton("Other", Url + "1")]),
            ],
            MessageStyle.Attention));

        var card = Write(message);

        Assert.Equal(
            JsonSerializer.Serialize(JsonElement.Parse($$$"""
            [{"type":"RichTextBlock","inlines":[{"type":"TextRun","text":"Cart **is** empty","weight":"Bolder"}]},
             {"type":"RichTextBlock","inlines":[{"type":"TextRun","text":"linked"}]},
             {"type":"RichTextBlock","inlines":[
                {"type":"TextRun","text":"Open in Qase","selectAction":{"type":"Action.OpenUrl","url":"{{{Url}}}"}},
                {"type":"TextRun","text":" · "},
                {"type":"TextRun","text":"Other","selectAction":{"type":"Action.OpenUrl","url":"{{{Url}}}1"}}]}]
            """)),
            JsonSerializer.Serialize(card.GetProperty("attachments")[0].GetProperty("content").GetProperty("body")));
    }

    [Fact]
    public void TryWrite_NoButton_ShowsTheFirstUrl()
    {
        var message = new TeamsMessageFormatter().Format(
            new MessageDocument([new ParagraphBlock([new MessageInline("linked") { Url = Url }])], MessageStyle.Good));

        Assert.Equal(["linked", Url, Url], TextsOf(Write(message)));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("not JSON")]
    [InlineData("""{"type":"Action.OpenUrl","url":""}""")]
    [InlineData("""{"type":"Action.OpenUrl","url":7,"a":[null,{"type":"Action.Submit","url":"https://example.com/"}]}""")]
    public void TryWrite_NoLink_IsTextOnly(string json) => Assert.Equal(
        ["Cart is empty"], TextsOf(
            Write(new ChatMessage(ChatPlatform.Teams, System.Text.Encoding.UTF8.GetBytes(json)) { Text = "Cart is empty" })));

    [Fact]
    public void TryWrite_VeryLongLink_IsLeftOut()
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(
            new { type = "Action.OpenUrl", url = "https://example.com/" + new string('x', 20_000) });

        Assert.Equal(["Cart is empty"], TextsOf(Write(new ChatMessage(ChatPlatform.Teams, json) { Text = "Cart is empty" })));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \n")]
    public void TryWrite_NoText_IsNull(string? text) =>
        Assert.Null(TeamsPlainCard.TryWrite(new ChatMessage(ChatPlatform.Teams, "{}"u8.ToArray()) { Text = text }));

    [Fact]
    public void TryWrite_LongText_IsCutBeforeTheLastLine()
    {
        var text = $"Cart is empty\n{new string('x', 5_000)}\nThis may be a repeat.";

        var texts = TextsOf(Write(new ChatMessage(ChatPlatform.Teams, "{}"u8.ToArray()) { Text = text }));

        Assert.Equal("Cart is empty", texts[0]);
        Assert.EndsWith("x…\nThis may be a repeat.", texts[1], StringComparison.Ordinal);
        Assert.Equal(2_000, texts.Sum(line => line.Length) + 1);
    }

    [Fact]
    public void TryWrite_LongLastLine_IsCutItself()
    {
        var texts = TextsOf(
            Write(new ChatMessage(ChatPlatform.Teams, "{}"u8.ToArray()) { Text = $"Cart is empty\n{new string('x', 5_000)}" }));

        Assert.Equal(["Cart is empty", new string('x', 1_985) + "…"], texts);
    }

    [Fact]
    public void TryWrite_AnyDocument_IsWithinTeamsRulesAndShowsItsText() => Gen.OneOf(AnyDocument.Any, AnyDocument.Small).Sample(document =>
    {
        var message = new TeamsMessageFormatter().Format(document);
        if (TeamsPlainCard.TryWrite(message) is not { } card)
        {
            Assert.True(string.IsNullOrWhiteSpace(message.Text));
            return;
        }

        Assert.Empty(TeamsRules.Check(JsonElement.Parse(card)));
        Assert.True(card.Length < 20_480, $"{card.Length} bytes");
        // A longer text may have been cut.
        if (message.Text!.Length > 500) return;
        var view = ReadableLines.Collapse(TeamsTextView.Render(card));
        // The labels of the buttons, which the text has in one line, are those of the links.
        var parts = message.Text.Split('\n').SelectMany(line => line.Split("; "));
        Assert.All(parts, part => Assert.Contains(ReadableLines.Collapse(part).Trim(), view, StringComparison.Ordinal));
    }, iter: PropertyCases.Of(200));

    private static JsonElement Write(ChatMessage message)
    {
        var card = JsonElement.Parse(TeamsPlainCard.TryWrite(message)!);
        Assert.Empty(TeamsRules.Check(card));
        return card;
    }

    private static List<string> TextsOf(JsonElement card) =>
        [.. JsonStrings.In(card.GetProperty("attachments")[0].GetProperty("content").GetProperty("body"))
            .Where(found => found.Name is "text" or "url").Select(found => found.Value)];
}
