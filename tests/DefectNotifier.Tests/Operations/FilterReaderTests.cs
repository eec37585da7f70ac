using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;
using DefectNotifier.Worker.Operations;

namespace DefectNotifier.Tests.Operations;

public sealed class FilterReaderTests
{
    private static FilterReader Reader => new(Some.Moment);

    [Fact]
    public void Read_NoConditions_SelectsDeadAndHeld()
    {
        var query = Reader.Read(new DeliveryFilter()).Value!;

        Assert.Equal([DeliveryState.Dead, DeliveryState.Held], query.States);
        Assert.Equal((50, null, null), (query.Limit, query.Since, query.BeforeId));
    }

    [Fact]
    public void Read_AllConditions_AreInTheQuery()
    {
        var query = Reader.Read(new DeliveryFilter
        {
            State = ["Dead, pending", "held"],
            Id = "7",
            Event = "e",
            Destination = "web",
            Reason = "expired",
            Project = "WEB",
            Since = "2026-03-14",
            Before = "9",
            Limit = "500",
        }).Value!;

        Assert.Equal([DeliveryState.Dead, DeliveryState.Pending, DeliveryState.Held], query.States);
        Assert.Equal(
            (7L, "e", "web", SendReason.Expired, "WEB", 9L, 500),
            (query.Id, query.EventId, query.Destination, query.Reason, query.ProjectCode, query.BeforeId, query.Limit));
        Assert.Equal(new DateTimeOffset(2026, 3, 14, 0, 0, 0, TimeSpan.Zero), query.Since);
    }

    [Fact]
    public void Read_Reason_IgnoresCase() =>
        Assert.Equal(SendReason.RateLimited, Reader.Read(new DeliveryFilter { Reason = "Rate-Limited" }).Value!.Reason);

    [Fact]
    public void Read_UnknownReason_ListsTheReasons() =>
        Assert.StartsWith(
            "Must be one of ok, found, ",
            Reader.Read(new DeliveryFilter { Reason = "expierd" }).Problem!.Detail,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("2d", "2026-03-12T15:09:26.535Z")]
    [InlineData("90m", "2026-03-14T13:39:26.535Z")]
    [InlineData("2026-03-14T15:00", "2026-03-14T15:00:00Z")]
    [InlineData("2026-03-14T15:00:00+02:00", "2026-03-14T13:00:00Z")]
    [InlineData("2026-03-14T15:00:00.5Z", "2026-03-14T15:00:00.5Z")]
    [InlineData("2026-03-14 15:00", "2026-03-14T15:00:00Z")]
    public void Read_Since_IsATimeOrAnAge(string text, string expected) =>
        Assert.Equal(DateTimeOffset.Parse(expected), Reader.Read(new DeliveryFilter { Since = text }).Value!.Since);

    [Fact]
    public void Read_EveryError_NamesItsParameter()
    {
        (DeliveryFilter Filter, string Parameter)[] errors =
        [
            (new DeliveryFilter { State = ["ded"] }, "state"),
            (new DeliveryFilter { State = ["dead,"] }, "state"),
            (new DeliveryFilter { Reason = "expierd" }, "reason"),
            (new DeliveryFilter { Since = "yesterday" }, "since"),
            (new DeliveryFilter { Since = "3" }, "since"),
            (new DeliveryFilter { Since = "" }, "since"),
            (new DeliveryFilter { Since = "999999d" }, "since"),
            (new DeliveryFilter { Since = "-Infinityd" }, "since"),
            (new DeliveryFilter { Since = "Infinityd" }, "since"),
            (new DeliveryFilter { Since = "NaNd" }, "since"),
            (new DeliveryFilter { Id = "x" }, "id"),
            (new DeliveryFilter { Before = "0" }, "before"),
            (new DeliveryFilter { Limit = "501" }, "limit"),
            (new DeliveryFilter { Limit = "-1" }, "limit"),
        ];

        Assert.All(
            errors,
            error =>
            {
                var problem = Reader.Read(error.Filter).Problem!;
                Assert.Equal((400, error.Parameter), (problem.Status, problem.Field));
            });
    }

    [Fact]
    public void Read_BulkWithoutCondition_IsAnError() =>
        Assert.Equal("state", Reader.Read(new BulkRequest { DryRun = true, Rendered = true }, [DeliveryState.Dead]).Problem!.Field);

    [Fact]
    public void Read_BulkWithAnEmptyListOfStates_HasNoCondition()
    {
        Assert.Equal("state", Reader.Read(new BulkRequest { State = [] }, [DeliveryState.Dead]).Problem!.Field);
        Assert.Equal(
            [DeliveryState.Dead, DeliveryState.Held],
            Reader.Read(new BulkRequest { State = [], Event = "e" }, [DeliveryState.Dead, DeliveryState.Held]).Value!.States);
    }

    [Fact]
    public void Read_BulkWithNullForAState_IsAnError() =>
        Assert.Equal("state", Reader.Read(new BulkRequest { State = ["dead", null!] }, [DeliveryState.Dead]).Problem!.Field);

    [Fact]
    public void Read_BulkWithAStateThatIsNotAccepted_ListsTheAcceptedOnes()
    {
        var problem = Reader.Read(new BulkRequest { State = ["dead", "delivered"] }, [DeliveryState.Dead, DeliveryState.Held]).Problem!;

        Assert.Equal("state", problem.Field);
        Assert.Equal("This action does not accept delivered deliveries, only dead, held.", problem.Detail);
    }

    [Fact]
    public void Read_AllConditionsOnEvents_AreInTheQuery()
    {
        var query = Reader.Read(new EventFilter
        {
            Event = "01",
            Project = "WEB*",
            Name = "defect.*",
            Severity = "Blocked",
            Source = "",
            Defect = "97",
            Text = " payment  timeout ",
            Destination = "web",
            State = "Dead",
            Reason = "expired",
            Since = "2d",
            Until = "2026-03-14",
            Before = "9",
            Limit = "200",
        }).Value!;

        Assert.Equal(
            ("01", "WEB*", "defect.*", "blocker", "", 97L, "web", DeliveryState.Dead, SendReason.Expired, 9L, 200, false),
            (query.IdPrefix, query.ProjectCode?.Pattern, query.Name?.Pattern, query.Severity, query.Source, query.SubjectId,
                query.Destination, query.State, query.Reason, query.Before, query.Limit, query.UnroutedOnly));
        Assert.Equal(["payment", "timeout"], query.Words);
        Assert.Equal(
            (Some.Moment.AddDays(-2), new DateTimeOffset(2026, 3, 14, 0, 0, 0, TimeSpan.Zero)), (query.Since!.Value, query.Until!.Value));
        Assert.Equal(new EventSummaryQuery { Words = [] }, Reader.Read(new EventFilter()).Value! with { Words = [] });
    }

    [Fact]
    public void Read_Unrouted_IsNoStateOfADelivery()
    {
        var query = Reader.Read(new EventFilter { State = "Unrouted" }).Value!;

        Assert.True(query.UnroutedOnly);
        Assert.Null(query.State);
    }

    [Fact]
    public void Read_EveryErrorInAListOfEvents_NamesItsParameter()
    {
        (EventFilter Filter, string Parameter)[] errors =
        [
            (new EventFilter { Text = new string('e', 201) }, "text"),
            (new EventFilter { State = "ded" }, "state"),
            (new EventFilter { State = "all" }, "state"),
            (new EventFilter { Reason = "expierd" }, "reason"),
            (new EventFilter { Since = "yesterday" }, "since"),
            (new EventFilter { Until = "tomorrow" }, "until"),
            (new EventFilter { Defect = "WEB-97" }, "defect"),
            (new EventFilter { Before = "0" }, "before"),
            (new EventFilter { Limit = "201" }, "limit"),
        ];

        Assert.All(errors, error => Assert.Equal(error.Parameter, Reader.Read(error.Filter).Problem!.Field));
    }
}
