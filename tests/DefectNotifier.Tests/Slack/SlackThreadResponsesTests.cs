using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Slack;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox;

namespace DefectNotifier.Tests.Slack;

/// <summary>The rows that say that a reply or a change goes another way, read side by side with Slack's lists of errors; everything else is as for a plain post.</summary>
public sealed class SlackThreadResponsesTests
{
    private static readonly DetailScrubber Scrubber = new(new Uri("https://slack.com/api/"), "xoxb-1111-2222-SECRET");

    public static TheoryData<string, SendReason> OfReply() => Rows(
        (SendReason.CannotThread, "cannot_reply_to_message thread_not_found restricted_action_non_threadable_channel restricted_action_thread_locked thread_locked message_not_found"),
        (SendReason.CannotBroadcast, "cant_broadcast_message no_dual_broadcast_content_update"));

    public static TheoryData<string, SendReason> OfUpdate() => Rows(
        (SendReason.MessageGone, "message_not_found"),
        (SendReason.CannotChange, "cant_update_message edit_window_closed is_inactive block_mismatch posting_to_channel_denied"));

    /// <summary>Every code that Slack documents, and those that it does not.</summary>
    public static TheoryData<string> AllCodes() => [.. SlackApiResponsesTests.DocumentedCodes().Select(row => row.Data.Item1), "of_tomorrow"];

    [Theory]
    [MemberData(nameof(OfReply))]
    public void ClassifyReply_CodeOfThreads_IsNotSupported(string code, SendReason reason) => AssertNotSupported(SlackThreadResponses.ClassifyReply(Response(code), Scrubber), code, reason);

    [Theory]
    [MemberData(nameof(OfUpdate))]
    public void ClassifyUpdate_CodeOfChanges_IsNotSupported(string code, SendReason reason) => AssertNotSupported(SlackThreadResponses.ClassifyUpdate(Response(code), Scrubber), code, reason);

    [Theory]
    [MemberData(nameof(AllCodes))]
    public void Classify_AnyOtherCode_IsAsForAPost(string code)
    {
        var post = SlackApiResponses.Classify(Response(code), Scrubber);

        if (!OfReply().Any(row => row.Data.Item1 == code)) Assert.Equal(post, SlackThreadResponses.ClassifyReply(Response(code), Scrubber));
        if (!OfUpdate().Any(row => row.Data.Item1 == code)) Assert.Equal(post, SlackThreadResponses.ClassifyUpdate(Response(code), Scrubber));
    }

    [Fact]
    public void Classify_EveryStatus_IsAsForAPost()
    {
        for (var status = 100; status <= 599; status++)
        {
            var response = new SlackResponse { Status = status };
            var post = SlackApiResponses.Classify(response, Scrubber);

            Assert.Equal(post, SlackThreadResponses.ClassifyReply(response, Scrubber));
            Assert.Equal(post, SlackThreadResponses.ClassifyUpdate(response, Scrubber));
        }
    }

    [Fact]
    public void Classify_ErrorOfTheNetwork_StaysAsItIs()
    {
        var lost = new SendResult(SendOutcome.Ambiguous, SendReason.ConnectionLost);

        Assert.Equal(lost, SlackThreadResponses.ClassifyUpdate(new SlackResponse { Failure = lost, Error = "message_not_found" }, Scrubber));
    }

    private static SlackResponse Response(string code) => new() { Error = code };

    private static void AssertNotSupported(SendResult result, string code, SendReason reason)
    {
        Assert.Equal((SendOutcome.NotSupported, reason), (result.Outcome, result.Reason));
        Assert.StartsWith(code, result.Detail, StringComparison.Ordinal);
    }

    private static TheoryData<string, SendReason> Rows(params (SendReason Reason, string Codes)[] rows)
    {
        var data = new TheoryData<string, SendReason>();
        foreach (var (reason, codes) in rows)
            foreach (var code in codes.Split(' ')) data.Add(code, reason);
        return data;
    }
}
