using DefectNotifier.Delivery;
using DefectNotifier.Outbox;
using DefectNotifier.Rendering;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Delivery;

public sealed class LanePolicyTests
{
    private static readonly DateTimeOffset Now = Some.Moment.AddMinutes(1);
    private static readonly DeliveryOptions Options = new();
    private static readonly LaneState Fresh = new("web-qa");

    [Fact]
    public void Decide_Delivered_ClosesTheDeliveryAndClearsTheLane()
    {
        var troubled = Fresh with { Failures = 4, ParkedReason = "hook-gone", ParkedSettings = "old", NotBefore = Now };

        var outcome = Decide(SendResult.Delivered("C1/1.2"), troubled);

        Assert.Equal((DeliveryState.Delivered, "delivered", "ok", "C1/1.2"), (outcome.State, outcome.Fate, outcome.Reason, outcome.Reference));
        Assert.Equal(Fresh with { PaceFullAt = outcome.Lane.PaceFullAt }, outcome.Lane);
    }

    [Theory]
    [InlineData(7, 7)]
    [InlineData(null, 30)]
    public void Decide_Wait_HoldsTheLaneAndCountsNothing(int? retryAfter, int seconds)
    {
        var result = new SendResult(Fate.Wait, SendReason.RateLimited) { RetryAfter = retryAfter is { } asked ? TimeSpan.FromSeconds(asked) : null };

        var outcome = Decide(result, Fresh with { Failures = 2 });

        Assert.Equal((DeliveryState.Pending, false, false), (outcome.State, outcome.Counts, outcome.MayHavePosted));
        Assert.Equal((Now.AddSeconds(seconds), "rate-limited"), (outcome.Lane.NotBefore, outcome.Lane.HoldReason));
        Assert.Equal(2, outcome.Lane.Failures);
    }

    [Theory]
    [InlineData(Fate.Retry, false)]
    [InlineData(Fate.Ambiguous, true)]
    public void Decide_Failure_BacksOffFromTheLanesFailures(Fate fate, bool mayHavePosted)
    {
        var outcome = Decide(new SendResult(fate, SendReason.ServerError), Fresh with { Failures = 3 });

        Assert.Equal((DeliveryState.Pending, true, mayHavePosted), (outcome.State, outcome.Counts, outcome.MayHavePosted));
        Assert.Equal((4, Now.AddSeconds(8)), (outcome.Lane.Failures, outcome.Lane.NotBefore));
    }

    [Theory]
    [InlineData(60, 60)]
    [InlineData(3, 8)]
    public void Decide_FailureWithRetryAfter_TakesTheLonger(int retryAfter, int seconds)
    {
        var result = new SendResult(Fate.Retry, SendReason.ServiceUnavailable) { RetryAfter = TimeSpan.FromSeconds(retryAfter) };

        Assert.Equal(Now.AddSeconds(seconds), Decide(result, Fresh with { Failures = 3 }).Lane.NotBefore);
    }

    [Fact]
    public void Decide_CutOffByShutdown_IsAmbiguousButNoAttempt()
    {
        var outcome = Decide(new SendResult(Fate.Ambiguous, SendReason.Interrupted), Fresh);

        Assert.Equal((DeliveryState.Pending, false, true), (outcome.State, outcome.Counts, outcome.MayHavePosted));
        Assert.Null(outcome.Lane.NotBefore);
    }

    [Fact]
    public void Decide_FailureWithMostAttempts_CountsThatFailureAlone()
    {
        var unknown = new SendResult(Fate.Retry, SendReason.UnknownError) { MaxAttempts = 3 };
        // Five failures of another kind went before: an outage, say.
        var lane = Decide(new SendResult(Fate.Retry, SendReason.ConnectFailed), Fresh with { Failures = 4, HoldReason = "connect-failed", HoldCount = 4 }, earlierAttempts: 4).Lane;
        var states = new List<DeliveryState>();
        for (var i = 0; i < 3; i++)
        {
            var outcome = Decide(unknown, lane, earlierAttempts: 5 + i);
            states.Add(outcome.State);
            lane = outcome.Lane;
        }

        Assert.Equal([DeliveryState.Pending, DeliveryState.Pending, DeliveryState.Dead], states);
    }

    [Fact]
    public void Decide_DeliveryGivenUp_LeavesTheNextOneItsOwnAttempts()
    {
        var unknown = new SendResult(Fate.Retry, SendReason.UnknownError) { MaxAttempts = 3 };
        var lane = Fresh;
        var states = new List<DeliveryState>();
        for (var i = 0; i < 6; i++)
        {
            var outcome = Decide(unknown, lane);
            states.Add(outcome.State);
            lane = outcome.Lane;
        }

        Assert.Equal(
            [DeliveryState.Pending, DeliveryState.Pending, DeliveryState.Dead, DeliveryState.Pending, DeliveryState.Pending, DeliveryState.Dead], states);
    }

    [Theory]
    [InlineData(SendReason.ConnectFailed)]
    [InlineData(SendReason.ServiceUnavailable)]
    public void Decide_DestinationOutOfReachBeyondTheLongestAge_IsWaitedFor(SendReason reason)
    {
        var outcome = Policy().Decide(Delivery(firstAttemptAt: Now - (10 * Options.MaxAge)), Fresh, new SendResult(Fate.Retry, reason), Now, chance: 0);

        Assert.Equal(DeliveryState.Pending, outcome.State);
    }

    [Fact]
    public void Decide_FailureBeyondTheLongestAge_ExpiresAndSaysWhatFailedLast()
    {
        var result = new SendResult(Fate.Ambiguous, SendReason.ServerError) { Detail = "503" };

        var outcome = Policy().Decide(Delivery(firstAttemptAt: Now - Options.MaxAge), Fresh, result, Now, chance: 0);

        Assert.Equal((DeliveryState.Dead, "expired", "server-error: 503"), (outcome.State, outcome.Reason, outcome.Detail));
    }

    [Fact]
    public void Decide_FirstFailureOfAnOldDelivery_IsNoReasonToGiveUp()
    {
        var result = new SendResult(Fate.Retry, SendReason.ConnectFailed);

        var outcome = Policy().Decide(Delivery(receivedAt: Now - (10 * Options.MaxAge), firstAttemptAt: Now.AddSeconds(-1)), Fresh, result, Now, chance: 0);

        Assert.Equal(DeliveryState.Pending, outcome.State);
    }

    [Fact]
    public void Decide_MayHavePosted_IsRepeatedMoreSlowlyThanWhatDidNot()
    {
        var worn = Fresh with { Failures = 50 };

        Assert.Equal(Now + Options.LongestRetry, Decide(new SendResult(Fate.Retry, SendReason.ConnectFailed), worn).Lane.NotBefore);
        Assert.Equal(Now + Options.LongestResend, Decide(new SendResult(Fate.Ambiguous, SendReason.ServerError), worn).Lane.NotBefore);
    }

    [Fact]
    public void Decide_WaitBeyondTheLongestAge_StillWaits()
    {
        var outcome = Policy().Decide(Delivery(firstAttemptAt: Now - Options.MaxAge), Fresh, new SendResult(Fate.Wait, SendReason.RateLimited), Now, chance: 0);

        Assert.Equal(DeliveryState.Pending, outcome.State);
    }

    [Fact]
    public void Decide_Refused_IsDeadAndTheLaneGoesOn()
    {
        var outcome = Decide(new SendResult(Fate.Refused, SendReason.InvalidMessage) { Detail = "invalid_blocks" }, Fresh);

        Assert.Equal((DeliveryState.Dead, "invalid-message", "invalid_blocks"), (outcome.State, outcome.Reason, outcome.Detail));
        Assert.Null(outcome.Lane.NotBefore);
    }

    [Fact]
    public void Decide_Parked_StopsTheLaneAndKeepsTheDelivery()
    {
        var outcome = Decide(new SendResult(Fate.Parked, SendReason.HookGone), Fresh);

        Assert.Equal((DeliveryState.Pending, false), (outcome.State, outcome.Counts));
        Assert.Equal(("hook-gone", "digest-1", Now + Options.ParkedProbe), (outcome.Lane.ParkedReason, outcome.Lane.ParkedSettings, outcome.Lane.NotBefore));
    }

    [Fact]
    public void Start_ParkedWithTheSameSettings_IsProbedAtOnceButStaysParked()
    {
        var parked = Fresh with { ParkedReason = "hook-gone", ParkedSettings = "digest-1", NotBefore = Now.AddMinutes(10) };

        Assert.Equal(parked with { NotBefore = null }, Policy().Start(parked));
    }

    [Fact]
    public void Start_ParkedWithOtherSettings_Runs()
    {
        var parked = Fresh with { ParkedReason = "hook-gone", ParkedSettings = "digest-0", NotBefore = Now.AddMinutes(10), Failures = 2 };

        Assert.Equal(Fresh, Policy().Start(parked));
    }

    [Fact]
    public void Start_HeldByARetryAfter_StaysHeldAndKnowsWhy()
    {
        var held = Fresh with { NotBefore = Now.AddMinutes(10), HoldReason = "rate-limited" };

        Assert.Equal(new LaneHold(Now.AddMinutes(10), "rate-limited"), Policy().HoldAt(Policy().Start(held), Now));
    }

    [Fact]
    public void HoldAt_NothingHolds_IsNull() => Assert.Null(Policy().HoldAt(Fresh with { NotBefore = Now }, Now));

    [Fact]
    public void HoldAt_HeldFurtherThanAnythingWeWrite_GoesOnWithinAnHour() =>
        Assert.Equal(Now.AddHours(1), Policy().HoldAt(Fresh with { NotBefore = Now.AddYears(1) }, Now)!.Until);

    private static AttemptOutcome Decide(SendResult result, LaneState lane, int earlierAttempts = 0) =>
        Policy().Decide(Delivery(attempts: earlierAttempts), lane, result, Now, chance: 0);

    private static LanePolicy Policy() => new(
        new Destination
        {
            Name = "web-qa",
            Platform = ChatPlatform.Slack,
            Pace = new PaceOptions { PerSecond = 0 },
            Timeout = TimeSpan.FromSeconds(15),
            Sender = new ScriptedSender(TimeProvider.System),
            SettingsDigest = "digest-1",
        },
        Options);

    private static PendingDelivery Delivery(int attempts = 0, DateTimeOffset? receivedAt = null, DateTimeOffset? firstAttemptAt = null) => new()
    {
        Id = 1,
        EventId = "event-1",
        Destination = "web-qa",
        Attempts = attempts,
        FirstAttemptAt = firstAttemptAt,
        MayBeRepeat = false,
        ReceivedAt = receivedAt ?? Some.Moment,
        Source = "",
        Body = "{}"u8.ToArray(),
    };
}
