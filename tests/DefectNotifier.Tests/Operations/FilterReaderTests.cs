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
}
