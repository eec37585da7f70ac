using System.Text;
using DefectNotifier.Chat.Slack;
using DefectNotifier.Chat.Teams;
using DefectNotifier.Chat.TextViews;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Rendering.Templates;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Rendering.JsonTemplates;

/// <summary>The notes of the service are shown below messages from JSON templates too, whatever their structure.</summary>
public sealed class JsonTemplateNotesTests
{
    private const string Repeat = "This may be a repeat: the response to an earlier attempt was lost.";
    private const string Test = "This is a test message, sent by an operator: nothing happened in Qase.";
    private const string Shortened = "… shortened, open in Qase";

    private const string Blocks =
        """{ "blocks": [ { "type": "section", "text": { "type": "mrkdwn", "text": "Words {{ defect.title }}" } } ] }""";
    private const string BlocksAlone = """[ { "type": "header", "text": { "type": "plain_text", "text": "Words {{ defect.title }}" } } ]""";
    private const string TextAlone = """{ "text": "*Words* {{ defect.title }}" }""";
    private const string Attachments = """{ "text": "Words", "attachments": [ { "text": "{{ defect.title }}" } ] }""";
    private const string AttachmentsAlone = """{ "attachments": [ { "text": "Words {{ defect.title }}" } ] }""";
    private const string Card =
        """{ "type": "AdaptiveCard", "body": [ { "type": "TextBlock", "text": "Words {{ defect.title }}", "wrap": true } ] }""";
    private const string Envelope =
        $$"""{ "type": "message", "attachments": [ { "contentType": "application/vnd.microsoft.card.adaptive", "content": {{Card}} } ] }""";
    private const string Actions =
        """{ "type": "AdaptiveCard", "actions": [ { "type": "Action.OpenUrl", "title": "Words", "url": "{{ defect.url }}" } ] }""";

    private static readonly string[] Unusual = ["'blocks' is missing", "'attachments'", "'body' has 0 elements"];

    public static TheoryData<ChatPlatform, string> Shapes => new()
    {
        { ChatPlatform.Slack, Blocks },
        { ChatPlatform.Slack, BlocksAlone },
        { ChatPlatform.Slack, TextAlone },
        { ChatPlatform.Slack, Attachments },
        { ChatPlatform.Slack, AttachmentsAlone },
        { ChatPlatform.Teams, Card },
        { ChatPlatform.Teams, Envelope },
        { ChatPlatform.Teams, Actions },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Render_TestOrRepeat_ShowsANoteBelowTheText(ChatPlatform platform, string template)
    {
        Assert.Equal((0, 0), Notes(Render(platform, template)));
        Assert.Equal((1, 0), Notes(Render(platform, template, mayBeRepeat: true)));
        Assert.Equal((0, 1), Notes(Render(platform, template, isTest: true)));

        var both = Render(platform, template, mayBeRepeat: true, isTest: true);
        Assert.Equal((1, 1), Notes(both));
        // Also in the plain text, which is sent when the platform rejects the blocks.
        Assert.Contains(Test, both.Message.Text, StringComparison.Ordinal);
        Assert.Contains("Words", Shown(both), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ChatPlatform.Slack, """[ { "type": "section", "text": { "type": "mrkdwn", "text": "{{ defect.step }}" } } ]""")]
    [InlineData(ChatPlatform.Slack, """{ "text": "{{ defect.step }}" }""")]
    [InlineData(ChatPlatform.Teams, """{ "type": "AdaptiveCard", "body": [ { "type": "TextBlock", "text": "{{ defect.step }}" } ] }""")]
    public void Render_TestOfAnEmptyMessage_IsTheSameErrorAsTheRealMessage(ChatPlatform platform, string template)
    {
        foreach (var isTest in (bool[])[false, true])
        {
            var result = Render(platform, template, mayBeRepeat: isTest, isTest: isTest);
            Assert.EndsWith("has nothing to show.", result.Error?.Message, StringComparison.Ordinal);
            Assert.Contains("fallback", Shown(result), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(ChatPlatform.Slack, Blocks)]
    [InlineData(ChatPlatform.Slack, BlocksAlone)]
    [InlineData(ChatPlatform.Slack, TextAlone)]
    [InlineData(ChatPlatform.Slack, Attachments)]
    [InlineData(ChatPlatform.Slack, AttachmentsAlone)]
    [InlineData(ChatPlatform.Teams, Card)]
    public void Render_TextThatIsTooLong_IsShortenedWithALinkToQase(ChatPlatform platform, string template)
    {
        var result = Render(platform, template, title: new string('x', 30_000));

        Assert.Null(result.Error);
        Assert.Contains(Shortened, Shown(result).Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal),
            StringComparison.Ordinal);
        Assert.DoesNotContain(Shortened, Shown(Render(platform, template, title: "x")), StringComparison.Ordinal);
        // The plain text is complete: it is truncated when it is sent.
        Assert.True(result.Message.Text!.Length > 19_000);
    }

    [Fact]
    public void Render_OnlyTheNotificationIsTruncated_ShowsNoNote()
    {
        var result = Render(
            ChatPlatform.Slack,
            """{ "text": "{{ payload.long }}{{ defect.title }}", "blocks": [ { "type": "divider" }, """
                + """{ "type": "header", "text": { "type": "plain_text", "text": "x" } } ] }""",
            title: new string('x', 5_000));

        Assert.DoesNotContain("shortened", Encoding.UTF8.GetString(result.Message.Json.Span), StringComparison.Ordinal);
    }

    private static RenderResult Render(ChatPlatform platform, string template, bool mayBeRepeat = false, bool isTest = false,
        string title = "a title")
    {
        using var folder = new TemplateFolder(($"{(platform == ChatPlatform.Slack ? "slack" : "teams")}/defect.y.json.sbn", template),
            ("defect.y.sbn", "# fallback"));
        var renderer = new MessageRenderer(folder.Load(), [new SlackMessageFormatter(), new TeamsMessageFormatter()], new QaseOptions(),
            new FakeTimeProvider());
        var defectEvent = Some.DefectEvent with { Name = "defect.y", Title = title, Step = null };
        var result =
            renderer.Render(new RenderRequest
            {
                Event = defectEvent,
                ReceivedAt = Some.Moment,
                Platform = platform,
                MayBeRepeat =
            mayBeRepeat,
                IsTest = isTest
            });
        // The rules expect what our own formatter writes: blocks, and no attachments.
        Assert.DoesNotContain(RenderedJson.Check(platform, result), finding => !Unusual.Any(finding.Contains));
        return result;
    }

    private static (int Repeats, int Tests) Notes(RenderResult result)
    {
        Assert.Null(result.Error);
        var shown = Shown(result);
        return (shown.Split(Repeat).Length - 1, shown.Split(Test).Length - 1);
    }

    private static string Shown(RenderResult result) =>
        result.Message.Platform == ChatPlatform.Slack ? SlackTextView.Render(result.Message.Json)
            : TeamsTextView.Render(result.Message.Json);
}
