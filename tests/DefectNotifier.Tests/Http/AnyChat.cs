using DefectNotifier.Chat;
using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Slack;
using DefectNotifier.Chat.Slack.Sending;
using DefectNotifier.Chat.Teams;
using DefectNotifier.Chat.Teams.Sending;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Tests.Http;

/// <summary>The senders of all kinds of chats, for tests of what they have in common.</summary>
internal static class AnyChat
{
    private const string Flow = "workflows/9f8e/triggers/manual/paths/invoke?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=x";

    /// <summary>A bot, an incoming webhook, and a flow at its old and its new address.</summary>
    public static readonly string[] Kinds = ["slack", "slack-webhook", "teams", "teams-workflow"];

    public static ChatPlatform PlatformOf(string kind) =>
        kind.StartsWith("slack", StringComparison.Ordinal) ? ChatPlatform.Slack : ChatPlatform.Teams;

    public static IMessageFormatter FormatterFor(string kind) =>
        PlatformOf(kind) == ChatPlatform.Slack ? new SlackMessageFormatter() : new TeamsMessageFormatter();

    /// <summary>The response of a healthy chat.</summary>
    public static (int Status, string Body) GoodResponse(string kind) => kind switch
    {
        "slack" => (200, """{"ok":true,"channel":"C1","ts":"1.2"}"""),
        "slack-webhook" => (200, "ok"),
        _ => (202, ""),
    };

    public static IMessageSender Sender(string kind, ChatHttp http) => kind switch
    {
        "slack" => new SlackBotSender(
            DestinationTypes.SlackApiOf(http, new Uri("https://slack.com/api/"), new Secret("xoxb-1-x")),
            "C1",
            new DetailScrubber(new Uri("https://slack.com/api/"))),
        "slack-webhook" => new SlackWebhookSender(http, new Uri("https://hooks.slack.com/services/T0AAAAAAA/" + "B0BBBBBBB/x")),
        "teams" => new TeamsSender(http, new Uri($"https://prod-01.westeurope.logic.azure.com:443/{Flow}")),
        _ => new TeamsSender(http, new Uri($"https://a.01.environment.api.powerplatform.com/powerautomate/automations/direct/{Flow}")),
    };
}
