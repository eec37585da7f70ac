using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Tests.Http;

/// <summary>An attempt with two requests: its detail names both, whatever the second response.</summary>
public sealed class FallbackResultTests
{
    private static readonly SendResult Rejection = new(SendOutcome.Rejected, SendReason.InvalidMessage) { Detail = "invalid_blocks" };

    [Theory]
    [InlineData(SendOutcome.Delivered, SendReason.Ok, null, "sent as text (invalid_blocks)")]
    [InlineData(SendOutcome.Delivered, SendReason.Ok, "joined", "sent as text (invalid_blocks): joined")]
    [InlineData(SendOutcome.Wait, SendReason.RateLimited, "HTTP 429", "sent as text (invalid_blocks): HTTP 429")]
    [InlineData(SendOutcome.Ambiguous, SendReason.ConnectionLost, "ResponseEnded", "sent as text (invalid_blocks): ResponseEnded")]
    [InlineData(SendOutcome.Parked, SendReason.ChannelArchived, "is_archived", "sent as text (invalid_blocks): is_archived")]
    public void Combine_SecondResponse_IsTheResult(SendOutcome outcome, SendReason reason, string? detail, string expected) =>
        Assert.Equal(
            new SendResult(outcome, reason) { Detail = expected },
            FallbackResult.Combine(Rejection, new SendResult(outcome, reason) { Detail = detail }, "sent as text"));

    [Fact]
    public void Combine_BothRejected_IsTheFirstRejectionWithBothDetails() => Assert.Equal(
        Rejection with { Detail = "sent as text (invalid_blocks): no_text" },
        FallbackResult.Combine(
            Rejection, new SendResult(SendOutcome.Rejected, SendReason.MessageTooLarge) { Detail = "no_text" }, "sent as text"));
}
