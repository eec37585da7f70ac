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
        var table = new RouteTable([ForBilling, ForWeb, ForAll, ForBilling]);
        var decision = table.Plan(Some.DefectEvent);

        Assert.Equal([new PlannedDelivery("web-qa", 1, null)], decision.Deliveries);
        Assert.Equal([1], decision.Routes);
        Assert.False(decision.IsUnrouted);
        Assert.Equal(
            [
                (0, true, false, "project code 'WEB' matches none of [BILL]"),
                (1, true, true, "project code 'WEB' matches WEB"),
                (2, false, false, "not evaluated: route 1 matched and does not continue"),
                (3, false, false, "not evaluated: route 1 matched and does not continue"),
            ],
            table.Explain(Some.DefectEvent).Select(verdict => (verdict.Route, verdict.Evaluated, verdict.Matched, verdict.Reason)));
        Assert.Equal([1, 1, 0, 0], table.Explain(Some.DefectEvent).Select(verdict => verdict.Tests.Count));
    }

    [Fact]
    public void Explain_EachMatcher_NamesWhatFailed()
    {
        var table = new RouteTable([ForWeb with { Events = ["defect.created"], MinSeverity = "major" }, ForAll]);

        Assert.Equal("project code 'BILL' matches none of [WEB]", table.Explain(Some.DefectEvent with { ProjectCode = "BILL" })[0].Reason);
        Assert.Equal(
            "event 'defect.deleted' matches none of [defect.created]",
            table.Explain(Some.DefectEvent with { Name = "defect.deleted" })[0].Reason);
        Assert.Equal(
            "severity 'minor' is not major or worse", table.Explain(Some.DefectEvent with { Severity = Severity.Minor })[0].Reason);
        Assert.Equal(["web-qa"], table.Plan(Some.DefectEvent).Deliveries.Select(planned => planned.Destination));
    }

    [Fact]
    public void Plan_AThousandRoutes_FindsTheOneThatMatches()
    {
        var table = OneForEachProject(1000);
        var defectEvent = Some.DefectEvent with { ProjectCode = "P2" };

        Assert.Equal([new PlannedDelivery("chat-2", 2, null)], table.Plan(defectEvent).Deliveries);
        var verdicts = table.Explain(defectEvent);
        Assert.Equal(
            [
                "project code 'P2' matches none of [P0]", "project code 'P2' matches none of [P1]", "project code 'P2' matches P2",
                "not evaluated: route 2 matched and does not continue",
            ],
            verdicts.Take(4).Select(verdict => verdict.Reason));
        Assert.Equal(
            (999, false, "not evaluated: route 2 matched and does not continue"),
            (verdicts[999].Route, verdicts[999].Evaluated, verdicts[999].Reason));
    }

    [Fact]
    public void Explain_StoredDecisionOfThisTable_AddsTheReasons()
    {
        var table = new RouteTable([ForBilling, ForWeb with { MinSeverity = "major" }], "1a2b3c4d");
        var stored = table.Plan(Some.DefectEvent);

        var explained = table.Explain(stored, Some.DefectEvent.Name, Some.DefectEvent.ProjectCode);

        Assert.Equal(table.Explain(Some.DefectEvent).Select(one => one.Reason), explained.Verdicts!.Select(one => one.Reason));
        Assert.Equal(stored, explained with { Verdicts = null });
    }

    [Fact]
    public void Explain_StoredByOtherRoutes_AddsNothing()
    {
        var stored = new RouteTable([ForWeb], "1a2b3c4d").Plan(Some.DefectEvent);

        Assert.All(
            (RouteOptions[][])[[ForAll, ForWeb], [ForWeb with { MinSeverity = "trivial" }]],
            routes => Assert.Same(
                stored, new RouteTable(routes, "1a2b3c4d").Explain(stored, Some.DefectEvent.Name, Some.DefectEvent.ProjectCode)));
    }

    [Fact]
    public void Explain_AnotherPartOfTheConfigurationHasChanged_AddsTheReasons()
    {
        var stored = new RouteTable([ForWeb], "1a2b3c4d").Plan(Some.DefectEvent);
        var other = new RouteTable([ForWeb with { To = [.. ForWeb.To] }], "5e6f7a8b");

        Assert.Single(other.Explain(stored, Some.DefectEvent.Name, Some.DefectEvent.ProjectCode).Verdicts!);
    }

    [Fact]
    public void Explain_StoredRoutesDiffer_TheStoredOnesWin()
    {
        var table = new RouteTable([ForWeb, ForAll], "1a2b3c4d");
        var stored = table.Plan(Some.DefectEvent) with { Routes = [1] };

        Assert.Same(stored, table.Explain(stored, Some.DefectEvent.Name, Some.DefectEvent.ProjectCode));
    }

    [Fact]
    public void Plan_Continue_AsksTheNextRoutesToo()
    {
        var table = new RouteTable([ForWeb with { Continue = true }, ForBilling with { Continue = true }, ForAll]);
        var decision = table.Plan(Some.DefectEvent);

        Assert.Equal([new PlannedDelivery("web-qa", 0, null), new PlannedDelivery("lobby", 2, null)], decision.Deliveries);
        Assert.Equal([0, 2], decision.Routes);
        Assert.Equal("takes every event", table.Explain(Some.DefectEvent)[2].Reason);
    }

    [Fact]
    public void Plan_DestinationNamedTwice_GetsOneMessageInTheWordsOfTheFirst()
    {
        var decision = new RouteTable(
            [
                new RouteOptions { To = ["a", "b", "A"], Continue = true, TemplateSet = "first" },
                new RouteOptions { To = ["B", "c"], TemplateSet = "second" },
            ]).Plan(Some.DefectEvent);

        Assert.Equal(
            [new PlannedDelivery("a", 0, "first"), new PlannedDelivery("b", 0, "first"), new PlannedDelivery("c", 1, "second")],
            decision.Deliveries);
        Assert.Equal([0, 1], decision.Routes);
    }

    [Fact]
    public void Plan_RouteWithATemplateSet_IsInTheDelivery() =>
        Assert.Equal(
            [new PlannedDelivery("billing", 0, "finance")],
            new RouteTable([ForBilling, ForAll]).Plan(Some.DefectEvent with { ProjectCode = "bill" }).Deliveries);

    [Fact]
    public void Plan_DefaultRoute_TakesWhatNoOtherDid() =>
        Assert.Equal(
            [new PlannedDelivery("lobby", 2, null)],
            new RouteTable([ForWeb, ForBilling, ForAll]).Plan(Some.DefectEvent with { ProjectCode = null }).Deliveries);

    [Fact]
    public void Plan_NoMatch_IsUnroutedWithEveryReason()
    {
        var table = new RouteTable([ForWeb, ForBilling]);
        var other = Some.DefectEvent with { ProjectCode = "X" };

        Assert.True(table.Plan(other).IsUnrouted);
        Assert.Equal(
            ["project code 'X' matches none of [WEB]", "project code 'X' matches none of [BILL]"],
            table.Explain(other).Select(verdict => verdict.Reason));
    }

    [Fact]
    public void Plan_NoRoutes_IsUnrouted()
    {
        var decision = new RouteTable([]).Plan(Some.DefectEvent);

        Assert.True(decision.IsUnrouted);
        Assert.Empty(decision.Routes);
    }

    [Fact]
    public void Plan_AnyTableAndEvent_IsPureAndKeepsItsRules()
    {
        var names = Gen.OneOf("web", "WEB", "shop", "*", "s*").Array[0, 2];
        var route = Gen.Select(names, Gen.OneOf("a", "b", "c").Array[1, 3], Gen.Bool).Select(
            (codes, to, goesOn) => new RouteOptions { ProjectCodes = codes, To = to, Continue = goesOn });

        Gen.Select(route.Array[0, 6], Gen.OneOf<string?>("WEB", "shop", "x", null)).Sample(
            (routes, code) =>
            {
                var table = new RouteTable(routes);
                var defectEvent = Some.DefectEvent with { ProjectCode = code };
                var decision = table.Plan(defectEvent);

                var verdicts = table.Explain(defectEvent);
                Assert.Equal(routes.Length, verdicts.Count);
                Assert.Equal(verdicts.Where(verdict => verdict.Matched).Select(verdict => verdict.Route), decision.Routes);
                Assert.Equal(decision.Deliveries.Count, decision.Deliveries.DistinctBy(planned => planned.Destination).Count());
                Assert.All(decision.Deliveries, planned => Assert.True(verdicts[planned.Route].Matched));
                Assert.Equal(decision.IsUnrouted, !verdicts.Any(verdict => verdict.Matched));
                var last = verdicts.LastOrDefault(verdict => verdict.Matched);
                Assert.All(
                    verdicts.Where(verdict => verdict.Matched && verdict != last), verdict => Assert.True(routes[verdict.Route].Continue));

                var again = table.Plan(defectEvent);
                Assert.Equal(decision.Routes, again.Routes);
                Assert.Equal(decision.Deliveries, again.Deliveries);
            },
            iter: PropertyCases.Of(5_000));
    }

    [Theory]
    [InlineData("defect.resolved", DeliveryKind.Follow, 2)]
    [InlineData("defect.updated", DeliveryKind.Refresh, 1)]
    public void Plan_SeverityFellOutOfAllRoutes_FollowsWithTheRouteForTheEvent(string name, DeliveryKind kind, int route)
    {
        RouteOptions created = new() { MinSeverity = "blocker", Events = ["defect.created"], To = ["web-qa"] };
        var table = new RouteTable([ForBilling, created, created with { Events = ["defect.resolved"] }])
        {
            Destinations = new Dictionary<string, RoutedDestination> { ["web-qa"] = new(true) },
        };
        var fallen = Some.DefectEvent with { Name = name, Severity = Severity.Minor };

        var followed = Assert.Single(table.Plan(fallen, new RoutingMemory(Severity.Minor, ["web-qa"])).Deliveries);

        Assert.Equal((kind, route), (followed.Kind, followed.Route));
    }

    private static RouteTable OneForEachProject(int projects) =>
        new(Enumerable.Range(0, projects).Select(number => new RouteOptions { ProjectCodes = [$"P{number}"], To = [$"chat-{number}"] }));
}
