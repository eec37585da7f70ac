using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Slack.Api;
using DefectNotifier.Chat.Slack.Sending;
using DefectNotifier.Chat.Teams.Sending;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Tests.Http;

/// <summary>Compares the error codes of the chats: what one knows and another lacks has a reason.</summary>
public sealed class ErrorCodeTablesTests
{
    private static readonly DetailScrubber Scrubber = new(new Uri("https://slack.com/api/"));

    /// <summary>What only codes of Slack say, and why Teams has no code for it.</summary>
    private static readonly Dictionary<SendReason, string> OnlySlack = new()
    {
        [SendReason.WorkspaceBusy] = "a flow over its quota is slowed down, not rejected",
        [SendReason.ServiceUnavailable] = "the status 503 says it",
        [SendReason.MissingPermission] = "the status 403 says it",
        [SendReason.ChannelNotFound] = "the flow posts after its response, so it reports nothing about the channel",
        [SendReason.ChannelArchived] = "the same",
        [SendReason.ChannelRestricted] = "the same",
    };

    /// <summary>What only codes of Teams say, and why Slack has no code for it.</summary>
    private static readonly Dictionary<SendReason, string> OnlyTeams = new()
    {
        [SendReason.FlowDisabled] = "a webhook of Slack cannot be switched off, only removed",
        [SendReason.BadAddress] = "an address of Slack has no parts that can be cut off and still reach Slack",
    };

    public static TheoryData<string> SlackCodes() => [.. SlackErrorCodes.Post.Codes.Union(SlackErrorCodes.Webhook.Codes)];

    [Theory]
    [MemberData(nameof(SlackCodes))]
    [InlineData("slack_connect_file_link_sharing_blocked")]
    [InlineData("a_new_error")]
    public void Classify_SlackCode_MeansTheSameForBotAndWebhook(string code)
    {
        var bot = SlackApiResponses.Classify(new SlackResponse { Error = code }, Scrubber);
        var word = SlackWebhookResponses.Classify(new ChatHttpResponse(400) { Body = code }, Scrubber);
        var json = SlackWebhookResponses.Classify(
            new ChatHttpResponse(400) { Body = $$"""{"ok":false,"error":"{{code}}"}""" }, Scrubber);

        Assert.Equal(Meaning(bot), Meaning(word));
        Assert.Equal(Meaning(bot), Meaning(json));
    }

    [Fact]
    public void Codes_TheirReasons_AreThoseOfTheOtherChatOrListed()
    {
        var slack = SlackCodes().Select(row => SlackErrorCodes.Find(row.Data, special: null)!.Reason).ToHashSet();
        var teams = TeamsResponses.ErrorCodes.Codes.Select(code => TeamsResponses.ErrorCodes.Find(code)!.Reason).ToHashSet();

        Assert.Equal(OnlySlack.Keys.Order(), slack.Except(teams).Order());
        Assert.Equal(OnlyTeams.Keys.Order(), teams.Except(slack).Order());
    }

    private static (SendOutcome Outcome, SendReason Reason, int? MaxAttempts) Meaning(SendResult result) =>
        (result.Outcome, result.Reason, result.MaxAttempts);
}
