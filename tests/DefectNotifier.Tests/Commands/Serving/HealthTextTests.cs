using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Enrichment;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Telemetry;
using DefectNotifier.Testing;
using DefectNotifier.Worker.Commands.Serving;
using DefectNotifier.Worker.Operations.Status;

namespace DefectNotifier.Tests.Commands.Serving;

/// <summary>What <c>healthcheck</c> prints.</summary>
public sealed class HealthTextTests
{
    private static readonly ReadyReport Ready = new(
        "ready", "writable", [], [Lane(LaneActivity.Running)], new Dictionary<string, long>(), Configuration([], []), []);

    private static readonly ReadyReport Degraded = Ready with { Status = "degraded" };

    [Fact]
    public void Of_Ready_IsEmpty() => Assert.Empty(HealthText.Of(Ready));

    [Fact]
    public void Of_ParkedLane_NamesTheDestinationTheReasonAndWhatToDo()
    {
        LaneStatus[] lanes = [Lane(LaneActivity.Waiting), Lane(LaneActivity.Parked, SendReason.BadCredentials)];

        var text = HealthText.Of(Degraded with { Lanes = lanes });

        Assert.Equal(
            [
                "The service is degraded.",
                $"web-qa is parked (bad-credentials), 3 deliveries wait. {SendReasons.AdviceOn(SendReason.BadCredentials)} "
                + "Then: outbox resume web-qa",
            ],
            text);
    }

    [Fact]
    public void Of_EveryOtherReason_HasALine()
    {
        var problem = new HealthProblem("retention", "disk full.", Some.Moment, IsVital: false);
        var report = Degraded with
        {
            Status = "unavailable",
            Store = "disk full",
            Problems = [problem],
            Lanes = [Lane(LaneActivity.Stopped)],
            WithoutDestination = new Dictionary<string, long> { ["old"] = 7 },
            Configuration = Configuration(["Routes:0:To:0"], ["defect.created.sbn:3:4"]),
            Qase = [new QaseStatus("mobile", QaseAccountState.Stopped, QaseOutcome.Refused)],
        };

        Assert.Equal(
            [
                "The service is unavailable.",
                "The outbox can't be used: disk full. Webhooks are refused until it works again.",
                $"retention has not worked since {Some.Moment:u}: disk full. See the log.",
                "web-qa has stopped. See the log, and restart the service.",
                "7 deliveries wait for old, which is not configured. Configure it again, or discard them: "
                + "outbox discard --destination old --state pending",
                "The changed settings have an error at Routes:0:To:0, and the earlier ones are active. \"check\" shows the error.",
                "The template defect.created.sbn:3:4 has an error and is not used. \"check\" shows the error.",
                "Qase's API rejects the token of mobile: names and details are missing. Set a new Qase:Token.",
            ],
            HealthText.Of(report));
    }

    private static LaneStatus Lane(LaneActivity activity, SendReason? reason = null) =>
        new("web-qa", activity, reason, Until: null, Waiting: 3, OldestReceivedAt: null);

    private static ConfigurationReport Configuration(string[] rejected, string[] broken) =>
        new("v1", Some.Moment, RejectedAt: null, rejected, broken, []);
}
