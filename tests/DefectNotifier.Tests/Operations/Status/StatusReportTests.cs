using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Enrichment;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Telemetry;
using DefectNotifier.Testing;
using DefectNotifier.Worker.Operations.Status;

namespace DefectNotifier.Tests.Operations.Status;

public sealed class StatusReportTests
{
    private static readonly DateTimeOffset Now = Some.Moment;

    [Fact]
    public void Of_EverythingWorks_NeedsNobody()
    {
        var status = StatusReport.Of(Facts(Lane("web-qa"), Lane("mobile")));

        Assert.Equal(("ready", "All 2 destinations work."), (status.State, status.Headline));
        Assert.Empty(status.Needs);
        Assert.Empty(status.Notes);
        Assert.Equal((0, 0), (status.Dead, status.Held));
    }

    [Fact]
    public void Of_Parked_SaysWhatToDoAndListsItsDestinationFirst()
    {
        var parked = Lane("teams") with
        {
            State = LaneActivity.Parked,
            Reason = SendReason.FlowDisabled,
            Until = Now.AddMinutes(15),
            Waiting = 3,
            OldestReceivedAt = Now.AddHours(-1),
        };
        var facts = Facts(Lane("web-qa"), parked);

        var status = StatusReport.Of(facts with
        {
            Destinations =
            [
                facts.Destinations[0],
                facts.Destinations[1] with { Platform = ChatPlatform.Teams, Failure = "WorkflowTriggerIsNotEnabled" },
            ],
        });

        var need = Assert.Single(status.Needs);
        Assert.Equal("1 thing needs a person.", status.Headline);
        Assert.Equal(("parked", "Nothing reaches teams: the flow is turned off"), (need.Kind, need.Title));
        Assert.Equal(SendReasons.AdviceOn(SendReason.FlowDisabled), need.Advice);
        Assert.Equal(("teams", 3, Now.AddMinutes(15)), (need.Destination, need.Count, need.NextAttempt));
        Assert.Equal("Microsoft Teams answered WorkflowTriggerIsNotEnabled", need.Detail);
        Assert.Equal(["teams", "web-qa"], status.Destinations.Select(one => one.Name));
    }

    [Theory]
    [InlineData(SendReason.BadCredentials, true, "Put a valid token or address into Destinations:web-qa:Token.")]
    [InlineData(SendReason.MissingPermission, true, "or put other credentials into Destinations:web-qa:Token.")]
    [InlineData(SendReason.ChannelArchived, true, "Unarchive the channel, or set another one in Destinations:web-qa:Channel.")]
    [InlineData(SendReason.BadAddress, true, "Correct the address in Destinations:web-qa:ApiUrl.")]
    [InlineData(SendReason.BadCredentials, false, "Put a valid token or address into Destinations:web-qa:Url.")]
    [InlineData(SendReason.ChannelNotFound, false, "or correct the channel in Destinations:web-qa:Url.")]
    [InlineData(SendReason.HookGone, false, "Create a new webhook or flow and put its address into Destinations:web-qa:Url.")]
    [InlineData(SendReason.InternalError, false, "Fix the destination's settings.")]
    public void Of_Parked_NamesTheSettingToChange(SendReason reason, bool isBot, string advice)
    {
        var facts = Facts(Lane("web-qa") with { State = LaneActivity.Parked, Reason = reason });
        var options = facts.Destinations[0].Options;
        options = isBot
            ? options with { Token = new Secret("xoxb-1"), Channel = "C1", ApiUrl = "https://chat.example.com/api/" }
            : options with { Url = new Secret("https://chat.example.com/1") };

        var status = StatusReport.Of(facts with { Destinations = [facts.Destinations[0] with { Options = options }] });

        Assert.EndsWith(advice, status.Needs[0].Advice, StringComparison.Ordinal);
        Assert.Equal(status.Needs[0].Advice, status.Destinations[0].Advice);
    }

    [Theory]
    [InlineData(SendReason.ConnectFailed, 16, true)]
    [InlineData(SendReason.ConnectFailed, 14, false)]
    [InlineData(SendReason.ServerError, 16, true)]
    // The backlog gets shorter: nothing fails.
    [InlineData(SendReason.RateLimit, 600, false)]
    [InlineData(SendReason.RateLimited, 600, false)]
    public void Of_Waiting_NeedsAPersonOnlyAfterAQuarterOfAnHourOfFailures(SendReason reason, int minutes, bool isNeed)
    {
        var waiting = Lane("web-qa") with
        {
            State = LaneActivity.Waiting,
            Reason = reason,
            Waiting = 1,
            OldestReceivedAt = Now.AddMinutes(-minutes),
        };

        Assert.Equal(isNeed, StatusReport.Of(Facts(waiting)).Needs.Any(need => need.Kind == "failing"));
    }

    [Fact]
    public void Of_OneDeadAndSeveralHeld_NamesTheOneAndCountsTheOthers()
    {
        var facts = Facts(Lane("web-qa")) with
        {
            Failed = [Failed(DeliveryState.Dead, 1, SendReason.InvalidMessage), Failed(DeliveryState.Held, 5, SendReason.Unconfirmed)],
        };

        var status = StatusReport.Of(facts);

        Assert.Equal(["held", "dead"], status.Needs.Select(need => need.Kind));
        Assert.Equal(
            "5 messages to web-qa were held for manual review; the latest: it may have been posted", status.Needs[0].Title);
        Assert.Null(status.Needs[0].DeliveryId);
        Assert.Equal("A message to web-qa was not delivered: the chat rejected the message", status.Needs[1].Title);
        Assert.Equal((17, "event-17"), (status.Needs[1].DeliveryId, status.Needs[1].EventId));
        Assert.Equal((1, 5, 1, 5), (status.Dead, status.Held, status.Destinations[0].Dead, status.Destinations[0].Held));
    }

    [Fact]
    public void Of_StoppedService_SaysHowManyMessagesWait()
    {
        var facts = Facts(Lane("web-qa") with { State = LaneActivity.Stopped, Waiting = 12 });

        var status = StatusReport.Of(facts with { Ready = facts.Ready with { Status = StatusFacts.Stopped } });

        Assert.Equal("The service is not running; 12 messages wait.", status.Headline);
        Assert.Equal(["service"], status.Needs.Select(need => need.Kind));
        Assert.Null(status.Configuration);
    }

    [Fact]
    public void Of_UnreachableService_DoesNotSayThatItIsStopped()
    {
        var facts = Facts(Lane("web-qa") with { State = LaneActivity.Stopped, Waiting = 1 });

        var status = StatusReport.Of(facts with { Ready = facts.Ready with { Status = StatusFacts.Unreachable } });

        Assert.Equal("A process uses the outbox, but the service can't be asked; 1 message waits.", status.Headline);
        Assert.Equal(["service"], status.Needs.Select(need => need.Kind));
        Assert.Null(status.Configuration);
    }

    [Fact]
    public void Of_UnreachableServiceOfOneNode_NamesTheOthers()
    {
        var facts = Facts(Lane("web-qa") with { Node = "a" });

        var status = StatusReport.Of(facts with
        {
            Ready = facts.Ready with { Status = StatusFacts.Unreachable },
            Nodes = [Some.Node("a", "web-qa"), Some.Node("b")],
        });

        Assert.Equal("The service of this machine does not respond; the outbox is used by a, b.", status.Headline);
    }

    [Fact]
    public void Of_StoreThatFails_NamesItOnce()
    {
        var facts = Facts(Lane("web-qa"));

        var status = StatusReport.Of(facts with
        {
            Ready = facts.Ready with
            {
                Status = "unavailable",
                Store = "disk full",
                Problems =
                [
                    new HealthProblem("store", "disk full", Now, IsVital: true),
                    new HealthProblem("intake", "disk full", Now, IsVital: true),
                ],
            },
            Failed = null,
        });

        Assert.Equal("The service can't store events now.", status.Headline);
        var need = Assert.Single(status.Needs);
        Assert.Equal(("store", Now), (need.Kind, need.Since));
        Assert.Equal((null, null), (status.Dead, status.Held));
    }

    [Theory]
    [InlineData(false, "Free space on the outbox's disk, or restore its file. Qase sends the webhooks again.")]
    [InlineData(true, "Start the database, or check the network to it. Everything goes on by itself.")]
    public void Of_StoreThatFails_SaysWhatToDoForAFileAndForADatabase(bool isShared, string advice)
    {
        var facts = Facts(Lane("web-qa"));
        var status = StatusReport.Of(facts with
        {
            Ready = facts.Ready with { Status = "unavailable", Store = "connection refused" },
            Nodes = isShared ? [Some.Node("a")] : [],
        });

        Assert.Equal(advice, Assert.Single(status.Needs).Advice);
    }

    [Fact]
    public void Of_RejectedSettingsBrokenTemplateQaseAndOrphans_AreAllListed()
    {
        var facts = Facts(Lane("web-qa"));

        var status = StatusReport.Of(facts with
        {
            Ready = facts.Ready with
            {
                Status = "degraded",
                WithoutDestination = new Dictionary<string, long> { ["gone"] = 2 },
                Configuration = new ConfigurationReport(
                    "1a2b3c4d", Now, Now, ["Routes:0:To:0"], ["defect.created.sbn (3,1)"], ["Outbox:Path"]),
                Qase = [new QaseStatus("Qase:Token", QaseAccountState.Stopped, Reason: null)],
                Problems = [new HealthProblem("retention", "locked", Now, IsVital: false)],
            },
        });

        Assert.Equal(
            ["problem", "no-destination", "configuration", "template", "qase"], status.Needs.Select(need => need.Kind));
        Assert.Equal("2 messages wait for gone, which is not configured", status.Needs[1].Title);
        Assert.Equal("5 things need a person.", status.Headline);
        Assert.Equal("restart", Assert.Single(status.Notes).Kind);
    }

    [Fact]
    public void Of_NodesThatDiffer_SaysWhatToDo()
    {
        var facts = Facts(Lane("web-qa"));
        var problem = new HealthProblem(HealthPart.Nodes.Name, "the nodes have different configurations", Now, IsVital: false);

        var need = Assert.Single(StatusReport.Of(facts with { Ready = facts.Ready with { Problems = [problem] } }).Needs);

        Assert.Equal(("The nodes have a problem", "the nodes have different configurations"), (need.Title, need.Detail));
    }

    [Fact]
    public void Of_ABacklog_SaysWhenItIsSentAtTheRateOfTheLastMinutes()
    {
        var hour = new long[DestinationActivity.Minutes];
        hour[56] = hour[57] = hour[58] = 30;
        var facts = Facts(Lane("web-qa") with { Waiting = 60, OldestReceivedAt = Now.AddMinutes(-2) });

        var status = StatusReport.Of(facts with
        {
            Destinations = [facts.Destinations[0] with { LastHour = new LastHour(hour, hour, [], Last: null) }],
        });

        var note = Assert.Single(status.Notes);
        Assert.Equal(("storm", "web-qa is 60 messages behind", Now.AddMinutes(2)), (note.Kind, note.Title, note.NextAttempt));
        Assert.Empty(status.Needs);
    }

    [Fact]
    public void Of_ABacklogWithNothingSentYet_CountsWithTheRateLimitFromTheEndOfTheWait()
    {
        var facts = Facts(Lane("web-qa") with
        {
            State = LaneActivity.Waiting,
            Reason = SendReason.RateLimited,
            Until = Now.AddSeconds(30),
            Waiting = 60,
            OldestReceivedAt = Now,
        });
        var nothing = new long[DestinationActivity.Minutes];

        var status = StatusReport.Of(facts with
        {
            Destinations = [facts.Destinations[0] with { PerSecond = 2, LastHour = new LastHour(nothing, nothing, [], Last: null) }],
        });

        Assert.Equal(Now.AddSeconds(60), status.Destinations[0].CaughtUpAt);
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(16, true)]
    public void Of_Failing_IsNamedAtOnceAndNeedsAPersonAfterAQuarterOfAnHour(int minutes, bool needsAPerson)
    {
        var failing = Lane("mobile") with
        {
            State = LaneActivity.Waiting,
            Reason = SendReason.ConnectFailed,
            Waiting = 2,
            OldestReceivedAt = Now.AddMinutes(-minutes),
        };

        var status = StatusReport.Of(Facts(Lane("web-qa"), failing));

        Assert.Equal(
            needsAPerson ? "1 thing needs a person." : "1 of 2 destinations work; mobile fails and is retried.", status.Headline);
        Assert.Equal((needsAPerson ? 1 : 0, needsAPerson ? 0 : 1), (status.Needs.Count, status.Notes.Count));
        var item = status.Needs.Concat(status.Notes).Single();
        Assert.Equal(("failing", "mobile", 2), (item.Kind, item.Destination, item.Count));
        Assert.Contains("the chat can't be reached", item.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_UnroutedAndDeferred_AreNotesThatNeedNobody()
    {
        var facts = Facts(Lane("web-qa") with { Deferred = 1, DeferredUntil = Now.AddHours(8) });

        var status = StatusReport.Of(facts with { Unrouted = [new UnroutedCount("LEGACY", 7, Now, "e1")] });

        Assert.Equal("web-qa works.", status.Headline);
        Assert.Equal(
            ["No route took 7 events of project LEGACY in the last day", "1 message to web-qa is deferred by quiet hours or a silence"],
            status.Notes.Select(note => note.Title));
    }

    private static LaneStatus Lane(string name) =>
        new(name, LaneActivity.Running, Reason: null, Until: null, Waiting: 0, OldestReceivedAt: null) { Deferred = 0 };

    private static FailedCount Failed(DeliveryState state, long count, SendReason reason) => new("web-qa", state, count, new ListedDelivery(
        17, "event-17", "defect.created", "WEB", 1, "web-qa", state, reason, "invalid_blocks", 1, MayBeRepeat: false, IsMessageStored: true,
        Now, Now));

    private static StatusFacts Facts(params LaneStatus[] lanes) => new()
    {
        Ready = new ReadyReport(
            "ready",
            ReadyReport.Writable,
            [],
            lanes,
            new Dictionary<string, long>(),
            new ConfigurationReport("1a2b3c4d", Now, RejectedAt: null, [], [], []),
            []),
        Destinations =
        [
            .. lanes.Select(lane => new DestinationFacts(
                new DestinationOptions { Name = lane.Destination, Type = "slack" }, ChatPlatform.Slack, 1, LastHour: null, Failure: null)),
        ],
        Failed = [],
        Unrouted = [],
        Silences = [],
        Outbox = "/data/defect-notifier.db",
        At = Now,
    };
}
