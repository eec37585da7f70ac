using DefectNotifier.Events;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Events;

/// <summary>Details from Qase's API combined with events.</summary>
public sealed class DefectDetailsTests
{
    private static readonly DateTimeOffset Noon = Some.Moment;

    /// <summary>After all that the tests report.</summary>
    private static readonly DateTimeOffset Arrival = Noon.AddHours(4);

    private static readonly DefectEvent Created = Some.DefectEvent with { OccurredAt = Noon };

    private static readonly DefectDetails Reported = new()
    {
        Title = "As it is in Qase",
        Severity = Severity.Blocker,
        Status = "open",
        ActualResult = "It burns.",
        Attachments = [new Attachment("total.png", "https://static.example.test/a/total.png")],
        CreatedBy = 12,
        CreatedAt = Noon,
        UpdatedAt = Noon.AddMinutes(10),
        AskedAt = Noon.AddDays(1),
    };

    [Fact]
    public void With_DefectWithoutATitle_HasAllThatItsCreationWouldHave()
    {
        var resolved = Later("resolved", 180);

        var defect = After(resolved).With(Reported with { Status = "resolved", ResolvedAt = Noon.AddMinutes(180) });
        var complete = defect.Complete(resolved);

        Assert.Equal(
            ("As it is in Qase", Severity.Blocker, "resolved", "It burns."),
            (complete.Title, complete.Severity, complete.Status, complete.ActualResult));
        Assert.Equal("total.png", Assert.Single(complete.Attachments).Name);
        Assert.Equal((Noon, 12L), (defect.Creation!.At, defect.Creation.TeamMemberId));
        Assert.Equal(TimeSpan.FromHours(3), defect.OpenFor);
        Assert.Equal(7L, defect.Resolution!.TeamMemberId);
        Assert.Equal(["defect.resolved"], defect.History.Select(entry => entry.Event));
        Assert.Equal([7L, 12L], defect.TeamMembers().Order());
    }

    [Theory]
    [InlineData("resolved")]
    [InlineData("invalid")]
    [InlineData("in_progress")]
    public void With_StatusWithoutAnEvent_IsUsed(string status) =>
        Assert.Equal(status, After(Created).With(Reported with { Status = status }).Status);

    [Fact]
    public void With_ResponseOfTheSecondOfTheCreation_WinsOverItsEvent()
    {
        var reported = Reported with { Status = "In Progress", UpdatedAt = Noon };

        Assert.Equal("in_progress", After(Created).With(reported).Status);
        Assert.Equal("resolved", After(Later("resolved", 0)).With(reported).Status);
    }

    [Fact]
    public void With_LaterEvents_WinInAnyOrderOfArrival()
    {
        var renamed = Later("updated", 11) with { Title = "Renamed" };
        var before = After(renamed, Later("resolved", 12)).With(Reported);
        var after = After(Later("updated", 1)).With(Reported);
        after = Defect.After(Defect.After(after, renamed, "b", Arrival, default), Later("resolved", 12), "c", Arrival, default);

        Assert.Equal(("Renamed", "resolved"), (before.Title, before.Status));
        Assert.Equal(("Renamed", "resolved"), (after.Title, after.Status));
    }

    [Fact]
    public void With_EarlierEventsThatArriveLater_DoNotOverwriteIt()
    {
        var reported = After(Later("updated", 1)).With(Reported);

        var after = Defect.After(reported, Created, "late", Noon.AddDays(2), default);

        Assert.Equal(("As it is in Qase", Severity.Blocker), (after.Title, after.Severity));
        Assert.Equal(418L, after.Creation!.TeamMemberId);
    }

    [Fact]
    public void With_ReopenedInQase_IsOpen()
    {
        var defect = After(Created, Later("resolved", 5)).With(Reported);

        Assert.Equal("open", defect.Status);
        Assert.Null(defect.Resolution);
        Assert.Null(defect.OpenFor);
    }

    [Theory]
    [InlineData("open")]
    [InlineData("resolved")]
    public void With_Deleted_StaysDeleted(string status)
    {
        var defect = After(Created, Later("deleted", 1)).With(Reported with { Status = status });

        Assert.Equal("deleted", defect.Status);
        Assert.False(After(Later("deleted", 1)).LacksDetails);
    }

    [Theory]
    [InlineData(0, 7L)]
    [InlineData(59, 7L)]
    [InlineData(600, null)]
    public void With_ResolutionTime_SameMinuteUsesTheEventElseTheLater(int seconds, long? by)
    {
        var reported = Reported with { Status = "resolved", ResolvedAt = Noon.AddMinutes(20).AddSeconds(seconds) };

        var resolution = After(Created, Later("resolved", 20)).With(reported).Resolution!;

        Assert.Equal(by, resolution.TeamMemberId);
        Assert.Equal(by is null ? reported.ResolvedAt!.Value : Noon.AddMinutes(20), resolution.At);
    }

    [Fact]
    public void With_NoTimes_IsDatedWhenTheApiWasAsked()
    {
        var reported = Reported with { CreatedAt = null, UpdatedAt = null, AskedAt = Noon.AddMinutes(5) };

        Assert.Equal(Reported.Title, After(Created).With(reported).Title);
        Assert.Equal("Later", After(Created, Later("updated", 6) with { Title = "Later" }).With(reported).Title);
        Assert.Null(After(Later("updated", 1)).With(reported).Creation);
    }

    [Fact]
    public void With_LaterResponse_ReplacesTheEarlierInAnyOrder()
    {
        var later = Reported with { ActualResult = "It is out.", Attachments = [], UpdatedAt = Noon.AddMinutes(11) };

        Assert.Equal("It is out.", After(Later("updated", 1)).With(Reported).With(later).Report!.ActualResult);
        Assert.Equal("It is out.", After(Later("updated", 1)).With(later).With(Reported).Report!.ActualResult);
    }

    [Fact]
    public void HasSameContentAs_SameResponseAgain_TrueAndOtherResultFalse()
    {
        var once = After(Later("updated", 1)).With(Reported);

        Assert.True(once.HasSameContentAs(once.With(Reported with { AskedAt = Noon.AddDays(3) })));
        Assert.False(once.HasSameContentAs(once.With(Reported with { ActualResult = "It is out.", UpdatedAt = Noon.AddMinutes(12) })));
        Assert.False(once.HasSameContentAs(After(Later("updated", 1))));
    }

    private static DefectEvent Later(string action, int minutes) =>
        Some.DefectEvent with
        {
            Name = "defect." + action,
            OccurredAt = Noon.AddMinutes(minutes),
            TeamMemberId = 7,
            Title = null,
            Severity = null,
            ActualResult = null,
        };

    private static Defect After(params ReadOnlySpan<DefectEvent> events)
    {
        Defect? defect = null;
        for (var i = 0; i < events.Length; i++) defect = Defect.After(defect, events[i], $"event-{i}", Arrival, ReadOnlyMemory<byte>.Empty);
        return defect!;
    }
}
