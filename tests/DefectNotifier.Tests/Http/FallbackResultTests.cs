using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Tests.Http;

/// <summary>An attempt with two requests: its detail names both, whatever the second response.</summary>
public sealed class FallbackResultTests
{
    private static readonly SendResult Rejection = new(SendOutcome.Rejected, SendReason.InvalidMessage) { Detail = "invalid_blocks" };

    [Theory]
    [InlineData(SendOutcome.Delivered, SendReason.Ok, null, "sent as text because it was rejected (invalid_blocks)")]
    [InlineData(SendOutcome.Delivered, SendReason.Ok, "joined", "sent as text because it was rejected (invalid_blocks): joined")]
    [InlineData(
        SendOutcome.Wait,
        SendReason.RateLimited,
        "HTTP 429",
        "it was rejected (invalid_blocks), then text was tried: HTTP 429")]
    [InlineData(
        SendOutcome.Ambiguous,
        SendReason.ConnectionLost,
        "ResponseEnded",
        "it was rejected (invalid_blocks), then text was tried: ResponseEnded")]
    [InlineData(
        SendOutcome.Parked,
        SendReason.ChannelArchived,
        "is_archived",
        "it was rejected (invalid_blocks), then text was tried: is_archived")]
    public void Combine_SecondResponse_IsTheResult(SendOutcome outcome, SendReason reason, string? detail, string expected) =>
        Assert.Equal(
            new SendResult(outcome, reason) { Detail = expected },
            FallbackResult.Combine(Rejection, new SendResult(outcome, reason) { Detail = detail }, "it", "text"));

    [Fact]
    public void Combine_BothRejected_IsTheFirstRejectionWithBothDetails() => Assert.Equal(
        Rejection with { Detail = "it was rejected (invalid_blocks), and so was text: no_text" },
        FallbackResult.Combine(
            Rejection, new SendResult(SendOutcome.Rejected, SendReason.MessageTooLarge) { Detail = "no_text" }, "it", "text"));
}
