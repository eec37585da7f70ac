using CsCheck;
using DefectNotifier.Events;
using DefectNotifier.Routing;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Routing;

public sealed class RouteTableTests
{
    private static readonly RouteOptions ForWeb = new() { ProjectCodes = ["WEB"], To = ["web-qa"] };
    private static readonly RouteOptions ForBilling = new() { ProjectCodes = ["BILL"], To = ["billing"], TemplateSet = "finance" };
    private static readonly RouteOptions ForAll = new() { To = ["lobby"] };

    [Fact]
    public void Plan_FirstMatch_WinsAndLaterRoutesAreNotEvaluated()
    {
        var decision = new RouteTable([ForBilling, ForWeb, ForAll, ForBilling]).Plan(Some.DefectEvent);

        Assert.Equal([new PlannedDelivery("web-qa", 1, null)], decision.Deliveries);
        Assert.False(decision.IsUnrouted);
        Assert.Equal(
            [
                new RouteVerdict(0, false, "project code 'WEB' matches none of [BILL]"),
                new RouteVerdict(1, true, "project code 'WEB' matches WEB"),
                new RouteVerdict(2, false, "not asked: route 1 matched and does not continue"),
                new RouteVerdict(3, false, "not asked: route 1 matched and does not continue"),
            ],
            decision.Verdicts);
    }

    [Fact]
    public void Plan_SamePartsThatRoutesUse_SharesTheDecision()
    {
        var table = new RouteTable([ForWeb with { MinSeverity = "major" }, ForAll]);

        Assert.Same(
            table.Plan(Some.DefectEvent),
            table.Plan(Some.DefectEvent with { SubjectId = 74, Title = "Another one", TeamMemberId = null }));
    }

    [Fact]
    public void Plan_OtherPartsThatRoutesUse_MakesANewDecision()
    {
        var table = new RouteTable([ForWeb with { Events = ["defect.created"], MinSeverity = "major" }, ForAll]);
        table.Plan(Some.DefectEvent);

        Assert.Equal(
            "project code 'BILL' matches none of [WEB]",
            table.Plan(Some.DefectEvent with { ProjectCode = "BILL" }).Verdicts[0].Reason);
        Assert.Equal(
            "event 'defect.deleted' matches none of [defect.created]",
            table.Plan(Some.DefectEvent with { Name = "defect.deleted" }).Verdicts[0].Reason);
        Assert.Equal(
            "severity 'minor' is not major or worse",
            table.Plan(Some.DefectEvent with { Severity = Severity.Minor }).Verdicts[0].Reason);
        Assert.Equal(["web-qa"], table.Plan(Some.DefectEvent).Deliveries.Select(planned => planned.Destination));
    }

    [Fact]
    public void Plan_MoreProjectsThanTheCacheHolds_SameDeliveries()
    {
        var table = OneRoutePerProject(100);

        foreach (var number in Enumerable.Range(0, 9000).Append(0))
        {
            PlannedDelivery[] expected = number < 100 ? [new PlannedDelivery($"chat-{number}", number, null)] : [];
            Assert.Equal(expected, table.Plan(Some.DefectEvent with { ProjectCode = $"P{number}" }).Deliveries);
        }
    }

    [Fact]
    public void Plan_ThousandProjectsWithARouteEach_AreAllCached()
    {
        var table = OneRoutePerProject(1000);
        RoutingDecision Plan(int number) => table.Plan(Some.DefectEvent with { ProjectCode = $"P{number}" });
        var first = Enumerable.Range(0, 1000).Select(Plan).ToList();

        Assert.All(first, (decision, number) => Assert.Same(decision, Plan(number)));
        Assert.Equal(1000, first[2].Verdicts.Count);
        Assert.Equal(
            [
                "project code 'P2' matches none of [P0]",
                "project code 'P2' matches none of [P1]",
                "project code 'P2' matches P2",
                "not asked: route 2 matched and does not continue",
            ],
            first[2].Verdicts.Take(4).Select(verdict => verdict.Reason));
        Assert.Equal(new RouteVerdict(999, false, "not asked: route 2 matched and does not continue"), first[2].Verdicts[999]);
        Assert.Throws<ArgumentOutOfRangeException>(() => first[2].Verdicts[1000]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Plan_TooManyProjects_CacheIsBounded(int routes)
    {
        var table = new RouteTable(Enumerable.Repeat(ForAll, routes));
        var first = table.Plan(Some.DefectEvent);

        for (var number = 0; number < 65_536; number++) table.Plan(Some.DefectEvent with { ProjectCode = $"P{number}" });

        Assert.NotSame(first, table.Plan(Some.DefectEvent));
    }

    [Fact]
    public void Plan_LongSeverity_IsNotCached()
    {
        var table = new RouteTable([ForAll with { MinSeverity = "major" }]);
        RoutingDecision Plan(int length) => table.Plan(Some.DefectEvent with { Severity = Severity.Parse(new string('x', length)) });

        Assert.Same(Plan(64), Plan(64));
        Assert.NotSame(Plan(65), Plan(65));
        Assert.Equal(Plan(65).Verdicts, Plan(65).Verdicts);
    }

    [Fact]
    public void Plan_Continue_EvaluatesTheNextRoutesToo()
    {
        var decision = new RouteTable(
            [ForWeb with { Continue = true }, ForBilling with { Continue = true }, ForAll]).Plan(Some.DefectEvent);

        Assert.Equal([new PlannedDelivery("web-qa", 0, null), new PlannedDelivery("lobby", 2, null)], decision.Deliveries);
        Assert.Equal([true, false, true], decision.Verdicts.Select(verdict => verdict.Matched));
        Assert.Equal("takes every event", decision.Verdicts[2].Reason);
    }

    [Fact]
    public void Plan_DestinationOfTwoRoutes_OneDeliveryOfTheFirst()
    {
        var decision = new RouteTable(
            [
                new RouteOptions { To = ["a", "b", "A"], Continue = true, TemplateSet = "first" },
                new RouteOptions { To = ["B", "c"], TemplateSet = "second" },
            ]).Plan(Some.DefectEvent);

        Assert.Equal(
            [new PlannedDelivery("a", 0, "first"), new PlannedDelivery("b", 0, "first"), new PlannedDelivery("c", 1, "second")],
            decision.Deliveries);
        Assert.All(decision.Verdicts, verdict => Assert.True(verdict.Matched));
    }

    [Fact]
    public void Plan_TemplateSet_GoesWithTheDelivery() =>
        Assert.Equal(
            [new PlannedDelivery("billing", 0, "finance")],
            new RouteTable([ForBilling, ForAll]).Plan(Some.DefectEvent with { ProjectCode = "bill" }).Deliveries);

    [Fact]
    public void Plan_LastRouteWithoutMatchers_TakesTheRest() =>
        Assert.Equal(
            [new PlannedDelivery("lobby", 2, null)],
            new RouteTable([ForWeb, ForBilling, ForAll]).Plan(Some.DefectEvent with { ProjectCode = null }).Deliveries);

    [Fact]
    public void Plan_NoMatch_IsUnroutedWithEveryReason()
    {
        var decision = new RouteTable([ForWeb, ForBilling]).Plan(Some.DefectEvent with { ProjectCode = "X" });

        Assert.True(decision.IsUnrouted);
        Assert.Equal(
            ["project code 'X' matches none of [WEB]", "project code 'X' matches none of [BILL]"],
            decision.Verdicts.Select(verdict => verdict.Reason));
    }

    [Fact]
    public void Plan_NoRoutes_IsUnrouted()
    {
        var decision = new RouteTable([]).Plan(Some.DefectEvent);

        Assert.True(decision.IsUnrouted);
        Assert.Empty(decision.Verdicts);
    }

    [Fact]
    public void Plan_AnyRoutesAndEvent_InvariantsHold()
    {
        var names = Gen.OneOf("web", "WEB", "shop", "*", "s*").Array[0, 2];
        var route = Gen.Select(names, Gen.OneOf("a", "b", "c").Array[1, 3], Gen.Bool).Select(
            (codes, to, isContinued) => new RouteOptions { ProjectCodes = codes, To = to, Continue = isContinued });

        Gen.Select(route.Array[0, 6], Gen.OneOf<string?>("WEB", "shop", "x", null)).Sample(
            (routes, code) =>
            {
                var table = new RouteTable(routes);
                var defectEvent = Some.DefectEvent with { ProjectCode = code };
                var decision = table.Plan(defectEvent);

                Assert.Equal(routes.Length, decision.Verdicts.Count);
                Assert.Equal(decision.Deliveries.Count, decision.Deliveries.DistinctBy(planned => planned.Destination).Count());
                Assert.All(decision.Deliveries, planned => Assert.True(decision.Verdicts[planned.Route].Matched));
                Assert.Equal(decision.IsUnrouted, !decision.Verdicts.Any(verdict => verdict.Matched));
                var last = decision.Verdicts.LastOrDefault(verdict => verdict.Matched);
                Assert.All(
                    decision.Verdicts.Where(verdict => verdict.Matched && verdict != last),
                    verdict => Assert.True(routes[verdict.Route].Continue));

                var again = table.Plan(defectEvent);
                Assert.Equal(decision.Verdicts, again.Verdicts);
                Assert.Equal(decision.Deliveries, again.Deliveries);
            },
            iter: 5_000);
    }

    private static RouteTable OneRoutePerProject(int projects) =>
        new(Enumerable.Range(0, projects).Select(number => new RouteOptions { ProjectCodes = [$"P{number}"], To = [$"chat-{number}"] }));
}
