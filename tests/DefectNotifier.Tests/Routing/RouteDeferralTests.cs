using DefectNotifier.Events;
using DefectNotifier.Routing;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Routing;

/// <summary>Which planned deliveries wait for the end of quiet hours, and which go before others.</summary>
public sealed class RouteDeferralTests
{
    private static readonly DateTimeOffset Night = new(2026, 3, 14, 23, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Morning = new(2026, 3, 15, 7, 0, 0, TimeSpan.Zero);

    private static readonly RouteOptions Quiet = new()
    {
        To = ["web"],
        QuietHours = [new QuietHoursOptions { From = new TimeOnly(22, 0), To = new TimeOnly(7, 0) }],
    };

    private static readonly Dictionary<string, RoutedDestination> Destinations = new(StringComparer.OrdinalIgnoreCase)
    {
        ["web"] = new RoutedDestination(CanChange: true, new DigestOptions { Always = ["blocker", "critical"] }),
        ["plain"] = new RoutedDestination(CanChange: true),
    };

    [Fact]
    public void Plan_InQuietHours_IsDeferredToTheirEnd()
    {
        Assert.Equal(Morning, Plan([Quiet], Severity.Minor, Night)[0].Deferral?.Until);
        Assert.Null(Plan([Quiet], Severity.Minor, Morning)[0].Deferral);
        Assert.Null(Plan([Quiet], Severity.Blocker, Night)[0].Deferral);
    }

    [Fact]
    public void Plan_WithoutATime_IsNeverDeferred() => Assert.Null(Plan([Quiet], Severity.Minor, at: null)[0].Deferral);

    [Fact]
    public void Plan_TwoRoutesToADestination_TheFirstOneDecides()
    {
        var loud = new RouteOptions { To = ["web", "plain"] };

        Assert.Equal(
            [Morning, (DateTimeOffset?)null],
            Plan([Quiet with { Continue = true }, loud], Severity.Minor, Night).Select(planned => planned.Deferral?.Until));
        Assert.Null(Plan([loud with { Continue = true }, Quiet], Severity.Minor, Night)[0].Deferral);
    }

    // Later webhooks carry no severity: that of the defect counts.
    [Fact]
    public void Plan_SeverityOfTheDefect_CountsForExceptAndAlways()
    {
        var table = TableOf([Quiet with { To = ["web"] }]);
        var resolved = Some.DefectEvent with { Name = "defect.resolved", Severity = null };

        var planned = Assert.Single(table.Plan(resolved, new RoutingMemory(Severity.Blocker, []), Night).Deliveries);

        Assert.Equal((DeliveryPriority.Urgent, (Deferral?)null), (planned.Priority, planned.Deferral));
    }

    [Fact]
    public void Plan_FollowedEvent_WaitsUnlessItOnlyChangesAMessage()
    {
        var resolved = Some.DefectEvent with { Name = "defect.resolved", Severity = null };
        var memory = new RoutingMemory(Severity.Minor, ["web"]);

        var follow = Assert.Single(TableOf([Quiet with { MinSeverity = "blocker" }]).Plan(resolved, memory, Night).Deliveries);
        var refresh = Assert.Single(TableOf([Quiet with { Events = ["defect.created"] }]).Plan(resolved, memory, Night).Deliveries);
        var unrouted = Assert.Single(TableOf([]).Plan(resolved, memory, Night).Deliveries);

        Assert.Equal((DeliveryKind.Follow, Morning), (follow.Kind, follow.Deferral?.Until));
        Assert.All(
            [refresh, unrouted],
            planned => Assert.Equal(
                (DeliveryKind.Refresh, DeliveryPriority.Silent, false, (Deferral?)null),
                (planned.Kind, planned.Priority, planned.MayDigest, planned.Deferral)));
    }

    [Fact]
    public void PlanAnnouncements_InQuietHours_AreDeferred()
    {
        var table = TableOf([Quiet with { MinSeverity = "major" }]);

        DateTimeOffset? Until(Severity severity) => Assert.Single(table.PlanAnnouncements(
            ["defect.created"], "WEB", before: null, new RoutingMemory(severity, []), Night)).Deferral?.Until;

        Assert.Equal(Morning, Until(Severity.Major));
        Assert.Null(Until(Severity.Blocker));
    }

    [Theory]
    [InlineData("web", "critical", true, DeliveryPriority.Urgent, true)]
    [InlineData("web", "minor", true, DeliveryPriority.Normal, true)]
    [InlineData("web", "critical", false, DeliveryPriority.Urgent, false)]
    // Without digests, the order of acceptance is kept.
    [InlineData("plain", "critical", true, DeliveryPriority.Normal, false)]
    public void Plan_DigestOfRouteAndDestination_DecidePriorityAndDigest(
        string destination, string severity, bool digest, DeliveryPriority priority, bool mayDigest)
    {
        var planned = Plan([new RouteOptions { To = [destination], Digest = digest }], Severity.Parse(severity), Night)[0];

        Assert.Equal((priority, mayDigest), (planned.Priority, planned.MayDigest));
    }

    private static RouteTable TableOf(IEnumerable<RouteOptions> routes) => new(routes) { Destinations = Destinations };

    private static IReadOnlyList<PlannedDelivery> Plan(IEnumerable<RouteOptions> routes, Severity? severity, DateTimeOffset? at) =>
        TableOf(routes).Plan(Some.DefectEvent with { Severity = severity }, memory: null, at).Deliveries;
}
