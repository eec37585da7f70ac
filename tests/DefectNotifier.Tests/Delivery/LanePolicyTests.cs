using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Values;
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
        var troubled = Fresh with { Failures = 4, ParkedReason = SendReason.HookGone, ParkedSettings = "old", NotBefore = Now };

        var outcome = Decide(SendResult.Delivered("C1/1.2"), troubled);

        Assert.Equal((DeliveryState.Delivered, SendOutcome.Delivered, SendReason.Ok, "C1/1.2"),
            (outcome.State, outcome.Outcome, outcome.Reason, outcome.Reference));
        Assert.Equal(Fresh, outcome.Lane);
    }

    [Theory]
    [InlineData(7, 7)]
    [InlineData(null, 30)]
    public void Decide_Wait_HoldsTheLaneAndCountsNothing(int? retryAfter, int seconds)
    {
        var result = new SendResult(
            SendOutcome.Wait, SendReason.RateLimited)
        { RetryAfter = retryAfter is { } asked ? TimeSpan.FromSeconds(asked) : null };

        var outcome = Decide(result, Fresh with { Failures = 2 });

        Assert.Equal((DeliveryState.Pending, false), (outcome.State, outcome.MayHavePosted));
        Assert.Equal((Now.AddSeconds(seconds), SendReason.RateLimited), (outcome.Lane.NotBefore, outcome.Lane.WaitReason));
        Assert.Equal(2, outcome.Lane.Failures);
    }

    [Theory]
    [InlineData(SendOutcome.Retry, false)]
    [InlineData(SendOutcome.Ambiguous, true)]
    public void Decide_Failure_BacksOffFromTheLanesFailures(SendOutcome sent, bool mayHavePosted)
    {
        var outcome = Decide(new SendResult(sent, SendReason.ServerError), Fresh with { Failures = 3 });

        Assert.Equal((DeliveryState.Pending, mayHavePosted), (outcome.State, outcome.MayHavePosted));
        Assert.Equal((4, Now.AddSeconds(8)), (outcome.Lane.Failures, outcome.Lane.NotBefore));
    }

    [Theory]
    [InlineData(60, 60)]
    [InlineData(3, 8)]
    public void Decide_FailureWithRetryAfter_TakesTheLonger(int retryAfter, int seconds)
    {
        var result = new SendResult(SendOutcome.Retry, SendReason.ServiceUnavailable) { RetryAfter = TimeSpan.FromSeconds(retryAfter) };

        Assert.Equal(Now.AddSeconds(seconds), Decide(result, Fresh with { Failures = 3 }).Lane.NotBefore);
    }

    [Fact]
    public void Decide_InterruptedByShutdown_IsAmbiguousAndCountsNothing()
    {
        var outcome = Decide(new SendResult(SendOutcome.Ambiguous, SendReason.Interrupted), Fresh);

        Assert.Equal((DeliveryState.Pending, true), (outcome.State, outcome.MayHavePosted));
        Assert.Null(outcome.Lane.NotBefore);
    }

    [Fact]
    public void Decide_MaxAttempts_CountsOnlyThatReason()
    {
        var unknown = new SendResult(SendOutcome.Retry, SendReason.UnknownError) { MaxAttempts = 3 };
        // After five failures of another kind, for example an outage.
        var lane = Decide(new SendResult(SendOutcome.Retry, SendReason.ConnectFailed),
            Fresh with { Failures = 4, WaitReason = SendReason.ConnectFailed, WaitCount = 4 }).Lane;
        var states = new List<DeliveryState>();
        for (var i = 0; i < 3; i++)
        {
            var outcome = Decide(unknown, lane);
            states.Add(outcome.State);
            lane = outcome.Lane;
        }

        Assert.Equal([DeliveryState.Pending, DeliveryState.Pending, DeliveryState.Dead], states);
    }

    [Fact]
    public void Decide_DeliveryGivenUp_ResetsTheCountForTheNext()
    {
        var unknown = new SendResult(SendOutcome.Retry, SendReason.UnknownError) { MaxAttempts = 3 };
        var lane = Fresh;
        var states = new List<DeliveryState>();
        for (var i = 0; i < 6; i++)
        {
            var outcome = Decide(unknown, lane);
            states.Add(outcome.State);
            lane = outcome.Lane;
        }

        Assert.Equal(
            [DeliveryState.Pending, DeliveryState.Pending, DeliveryState.Dead, DeliveryState.Pending, DeliveryState.Pending,
                DeliveryState.Dead], states);
    }

    [Theory]
    [InlineData(SendReason.ConnectFailed)]
    [InlineData(SendReason.ServiceUnavailable)]
    public void Decide_DestinationUnreachableBeyondMaxAge_StaysPending(SendReason reason)
    {
        var outcome = Decide(new SendResult(SendOutcome.Retry, reason), Fresh, age: 10 * Options.MaxAge);

        Assert.Equal(DeliveryState.Pending, outcome.State);
    }

    [Fact]
    public void Decide_FailureBeyondMaxAge_ExpiresWithTheLastFailure()
    {
        var result = new SendResult(SendOutcome.Ambiguous, SendReason.ServerError) { Detail = "503" };

        var outcome = Decide(result, Fresh, age: Options.MaxAge);

        Assert.Equal((DeliveryState.Dead, SendReason.Expired, "server-error: 503"), (outcome.State, outcome.Reason, outcome.Detail));
    }

    [Fact]
    public void Decide_FirstFailureOfAnOldDelivery_IsNoReasonToGiveUp()
    {
        var result = new SendResult(SendOutcome.Retry, SendReason.ConnectFailed);

        var outcome = Policy().Decide(Delivery(receivedAt: Now - (10 * Options.MaxAge)), Fresh, result, TimeSpan.FromSeconds(1),
            isLimitClosed: false, Now, random: 0);

        Assert.Equal(DeliveryState.Pending, outcome.State);
    }

    [Fact]
    public void Decide_Ambiguous_BacksOffLongerThanRetry()
    {
        var worn = Fresh with { Failures = 50 };

        Assert.Equal(Now + Options.MaxBackoff, Decide(new SendResult(SendOutcome.Retry, SendReason.ServerError), worn).Lane.NotBefore);
        Assert.Equal(
            Now + Options.MaxResendDelay, Decide(new SendResult(SendOutcome.Ambiguous, SendReason.ServerError), worn).Lane.NotBefore);
    }

    [Fact]
    public void Decide_WaitBeyondTheLongestAge_StillWaits()
    {
        var outcome = Decide(new SendResult(SendOutcome.Wait, SendReason.RateLimited), Fresh, age: Options.MaxAge);

        Assert.Equal(DeliveryState.Pending, outcome.State);
    }

    [Fact]
    public void Decide_Rejected_IsDeadAndTheLaneContinues()
    {
        var outcome = Decide(new SendResult(SendOutcome.Rejected, SendReason.InvalidMessage) { Detail = "invalid_blocks" }, Fresh);

        Assert.Equal((DeliveryState.Dead, SendReason.InvalidMessage, "invalid_blocks"), (outcome.State, outcome.Reason, outcome.Detail));
        Assert.Null(outcome.Lane.NotBefore);
    }

    [Fact]
    public void Decide_Parked_StopsTheLaneAndKeepsTheDelivery()
    {
        var outcome = Decide(new SendResult(SendOutcome.Parked, SendReason.HookGone), Fresh);

        Assert.Equal((DeliveryState.Pending, 0), (outcome.State, outcome.Lane.Failures));
        Assert.Equal((SendReason.HookGone, "digest-1", Now + Options.ParkedProbe),
            (outcome.Lane.ParkedReason, outcome.Lane.ParkedSettings, outcome.Lane.NotBefore));
    }

    [Fact]
    public void Start_ParkedWithTheSameSettings_IsProbedAtOnceButStaysParked()
    {
        var parked = Fresh with
        {
            ParkedReason = SendReason.HookGone,
            ParkedSettings = "digest-1",
            NotBefore = Now.AddMinutes(10),
            WaitReason = SendReason.HookGone
        };

        Assert.Equal(parked with { NotBefore = null, WaitReason = null }, Policy().Start(parked));
    }

    [Fact]
    public void Start_ParkedWithARetryAfter_StillWaits()
    {
        var parked = Fresh with
        {
            ParkedReason = SendReason.HookGone,
            ParkedSettings = "digest-1",
            NotBefore = Now.AddMinutes(10),
            WaitReason = SendReason.WorkspaceBusy
        };

        Assert.Equal(parked, Policy().Start(parked));
        Assert.False(parked.IsProbeWait);
    }

    [Fact]
    public void Start_ParkedWithOtherSettings_Runs()
    {
        var parked = Fresh with
        {
            ParkedReason = SendReason.HookGone,
            ParkedAt = Now,
            ParkedSettings = "digest-0",
            NotBefore = Now.AddMinutes(10),
            WaitReason = SendReason.HookGone,
            Failures = 2
        };

        // They stay, so that it is reported when the destination works again, and what was wrong.
        var started = Policy().Start(parked);
        Assert.Equal(Fresh with { ParkedReason = SendReason.HookGone, ParkedAt = Now }, started);
        Assert.False(started.IsParked);
    }

    [Fact]
    public void Start_HeldByARetryAfter_StaysHeldWithTheReason()
    {
        var held = Fresh with { NotBefore = Now.AddMinutes(10), WaitSince = Now, WaitReason = SendReason.RateLimited };

        Assert.Equal(held, Policy().Start(held));
    }

    [Fact]
    public void RemainingOf_NoHold_IsZero() =>
        Assert.Equal(TimeSpan.Zero, LanePolicy.RemainingOf(Fresh with { NotBefore = Now, WaitSince = Now.AddSeconds(-9) }, Now));

    [Theory]
    [InlineData(0, 60)]
    [InlineData(20, 40)]
    [InlineData(100, 0)]
    [InlineData(-86400, 60)]
    public void RemainingOf_AnyLaterTime_IsNeverLongerThanTheOriginalWait(int passed, int seconds)
    {
        var held = Fresh with { NotBefore = Now.AddSeconds(60), WaitSince = Now };

        Assert.Equal(TimeSpan.FromSeconds(seconds), LanePolicy.RemainingOf(held, Now.AddSeconds(passed)));
    }

    [Theory]
    [InlineData(0, 0.25)]
    [InlineData(20, 0.5)]
    [InlineData(600, 15)]
    [InlineData(86400, 60)]
    [InlineData(-500, 0.25)]
    public void Decide_Unreachable_IsRetriedAfterAFortiethOfTheOutage(int outage, double seconds)
    {
        var lane = Fresh with { Failures = 9, FailingSince = Now.AddSeconds(-outage) };

        var after = Decide(new SendResult(SendOutcome.Retry, SendReason.ConnectFailed), lane).Lane;

        Assert.Equal((Now.AddSeconds(seconds), lane.FailingSince), (after.NotBefore, after.FailingSince));
    }

    [Theory]
    [InlineData(SendOutcome.Retry, SendReason.ConnectFailed, true)]
    [InlineData(SendOutcome.Retry, SendReason.ServiceUnavailable, true)]
    [InlineData(SendOutcome.Parked, SendReason.HookGone, true)]
    [InlineData(SendOutcome.Wait, SendReason.WorkspaceBusy, true)]
    [InlineData(SendOutcome.Wait, SendReason.RateLimited, false)]
    [InlineData(SendOutcome.Wait, SendReason.CircuitOpen, false)]
    [InlineData(SendOutcome.Ambiguous, SendReason.ServerError, false)]
    public void Decide_FailureUnrelatedToTheMessage_RestartsItsAge(SendOutcome outcome, SendReason reason, bool restarts) =>
        Assert.Equal(restarts, Decide(new SendResult(outcome, reason), Fresh).RestartsAge);

    [Fact]
    public void Decide_FailedLookup_IsNotGivenUpByAge() =>
        Assert.Equal(DeliveryState.Pending,
            Decide(new SendResult(SendOutcome.Retry, SendReason.LookupFailed), Fresh, age: 9 * Options.MaxAge).State);

    [Fact]
    public void Decide_FirstFailure_RemembersWhen()
    {
        Assert.Equal(Now, Decide(new SendResult(SendOutcome.Retry, SendReason.ServerError), Fresh).Lane.FailingSince);
        Assert.Null(Decide(SendResult.Delivered(), Fresh with { FailingSince = Now }).Lane.FailingSince);
    }

    [Fact]
    public void Decide_WaitThatALimitHolds_LeavesTheLaneFree()
    {
        var result = new SendResult(SendOutcome.Wait, SendReason.RateLimited) { RetryAfter = TimeSpan.FromSeconds(9) };

        var outcome = Policy().Decide(Delivery(), Fresh with { Failures = 2 }, result, TimeSpan.Zero, isLimitClosed: true, Now, random: 0);

        Assert.Equal(DeliveryState.Pending, outcome.State);
        Assert.Equal(Fresh with { Failures = 2 }, outcome.Lane);
    }

    [Fact]
    public void Decide_AgeOfItsRoute_ComesBeforeTheSettings()
    {
        var result = new SendResult(SendOutcome.Retry, SendReason.ServerError);

        var young = Policy().Decide(
            Delivery() with { MaxAge = 2 * Options.MaxAge }, Fresh, result, Options.MaxAge, isLimitClosed: false, Now, random: 0);
        var old = Policy().Decide(Delivery() with { MaxAge = TimeSpan.FromMinutes(1) }, Fresh, result, TimeSpan.FromMinutes(1),
            isLimitClosed: false, Now, random: 0);

        Assert.Equal((DeliveryState.Pending, DeliveryState.Dead), (young.State, old.State));
    }

    [Fact]
    public void Decide_Held_LeavesTheQueueAndKeepsTheDestinationsState()
    {
        var troubled =
            Fresh with { Failures = 2, ParkedReason = SendReason.HookGone, ParkedSettings = "digest-1", NotBefore = Now, WaitSince = Now };

        var outcome = Decide(new SendResult(SendOutcome.Held, SendReason.Unconfirmed) { Detail = "why" }, troubled);

        Assert.Equal(
            (DeliveryState.Held, SendOutcome.Held, SendReason.Unconfirmed, "why"),
            (outcome.State, outcome.Outcome, outcome.Reason, outcome.Detail));
        Assert.Equal(troubled with { NotBefore = null, WaitSince = null }, outcome.Lane);
    }

    private static AttemptOutcome Decide(SendResult result, LaneState lane, TimeSpan age = default) =>
        Policy().Decide(Delivery(), lane, result, age, isLimitClosed: false, Now, random: 0);

    private static LanePolicy Policy() => new(
        new Destination
        {
            Name = "web-qa",
            Platform = ChatPlatform.Slack,
            Timeout = TimeSpan.FromSeconds(15),
            Sender = new ScriptedSender(new JumpingTime(Some.Moment)),
            SettingsDigest = "digest-1",
        },
        Options);

    private static PendingDelivery Delivery(DateTimeOffset? receivedAt = null) => new()
    {
        Id = 1,
        EventName = "defect.created",
        EventId = "event-1",
        Destination = "web-qa",
        MayBeRepeat = false,
        ReceivedAt = receivedAt ?? Some.Moment,
        Source = "",
        Body = "{}"u8.ToArray(),
    };
}
