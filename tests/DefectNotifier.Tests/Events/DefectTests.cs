using System.Text.Json;
using DefectNotifier.Events;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Events;

public sealed class DefectTests
{
    private static readonly DateTimeOffset Noon = Some.Moment;

    private static readonly DefectEvent Created = Some.DefectEvent with { OccurredAt = Noon };

    private static readonly JsonElement NoPayload = JsonElement.Parse("{}"u8);

    [Fact]
    public void After_CreatedUpdatedResolved_HasTheDataOfEachEvent()
    {
        var defect = After(Created, Later("updated", 1), Later("resolved", 180), Later("deleted", 200));

        Assert.Equal(("Checkout ignores the coupon", Severity.Major, "deleted"), (defect.Title, defect.Severity, defect.Status));
        Assert.Equal((Noon, 418L), (defect.Opened!.At, defect.Opened.TeamMemberId));
        Assert.Equal((Noon.AddMinutes(180), 7L), (defect.Resolution!.At, defect.Resolution.TeamMemberId));
        Assert.Equal(Noon.AddMinutes(1), defect.Updated!.At);
        Assert.Equal(Noon.AddMinutes(200), defect.Deleted!.At);
        Assert.Equal(TimeSpan.FromHours(3), defect.OpenFor);
        Assert.Equal(
            ["defect.created", "defect.updated", "defect.resolved", "defect.deleted"],
            defect.History.Select(entry => entry.Event));
        Assert.True(defect.IsClosed);
    }

    [Theory]
    [InlineData("created", "open")]
    [InlineData("updated", null)]
    [InlineData("resolved", "resolved")]
    [InlineData("deleted", "deleted")]
    [InlineData("Reopened", null)]
    public void After_SingleEvent_HasItsStatus(string name, string? status) => Assert.Equal(status, After(Later(name, 0)).Status);

    [Theory]
    [InlineData("open", "open")]
    [InlineData("In Progress", "in_progress")]
    [InlineData("in progress", "in_progress")]
    [InlineData("INVALID", "invalid")]
    [InlineData("Waiting for QA", "Waiting for QA")]
    public void After_UpdateWithAStatus_HasThatStatus(string said, string status) =>
        Assert.Equal(status, After(Created, Later("resolved", 1), Later("updated", 2) with { Status = said }).Status);

    [Fact]
    public void After_UpdateWithoutAStatus_StaysResolved() =>
        Assert.Equal("resolved", After(Created, Later("resolved", 1), Later("updated", 2)).Status);

    [Fact]
    public void After_Reopened_HasNoResolutionUntilResolvedAgain()
    {
        var reopened = After(Created, Later("resolved", 1), Later("updated", 2) with { Status = "open" });

        Assert.Null(reopened.Resolution);
        Assert.Null(reopened.OpenFor);
        Assert.False(reopened.IsClosed);
        var again = After(Created, Later("resolved", 1), Later("updated", 2) with { Status = "open" }, Later("resolved", 3));
        Assert.Equal(TimeSpan.FromMinutes(3), again.OpenFor);
    }

    [Fact]
    public void After_ResolvedArrivesBeforeCreated_IsResolvedAndHasATitle()
    {
        var defect = After(Later("resolved", 5), Created);

        Assert.Equal(("resolved", Created.Title, TimeSpan.FromMinutes(5)), (defect.Status, defect.Title, defect.OpenFor));
        Assert.Equal("event-1", defect.Opening.EventId);
    }

    [Fact]
    public void After_EventsOfOneSecond_AreOrderedByKind()
    {
        var defect = After(Later("deleted", 0), Later("resolved", 0), Later("updated", 0) with { Status = "open" }, Created);

        Assert.Equal(
            ["defect.created", "defect.updated", "defect.resolved", "defect.deleted"],
            defect.History.Select(entry => entry.Event));
        Assert.Equal(Noon, defect.Resolution!.At);
        Assert.Equal("deleted", defect.Status);
    }

    [Theory]
    [InlineData("created")]
    [InlineData("updated")]
    [InlineData("resolved")]
    public void After_EventAfterADeletion_StaysDeleted(string name) =>
        Assert.Equal("deleted", After(Created, Later("deleted", 1), Later(name, 2) with { Status = "open" }).Status);

    [Fact]
    public void After_LateCreatedWithoutATime_IsBeforeEverythingElse()
    {
        var defect = After(
            Later("updated", 3) with { Title = "Renamed" },
            Later("resolved", 5),
            Created with { OccurredAt = null });

        Assert.Equal(("resolved", "Renamed", "defect.created"), (defect.Status, defect.Title, defect.History[0].Event));
        // It arrived after the resolution, so the open time is unknown.
        Assert.Null(defect.OpenFor);
    }

    [Fact]
    public void After_NoCreation_OpensWithTheEarliestEvent()
    {
        Assert.Equal("event-1", After(Later("resolved", 5), Later("updated", 2)).Opening.EventId);
        Assert.Equal(
            "event-2",
            After(Later("resolved", 5), Later("updated", 2), Created with { OccurredAt = Noon.AddMinutes(9) }).Opening.EventId);
    }

    [Fact]
    public void After_SameEventAgain_ChangesNothing()
    {
        var once = After(Created, Later("resolved", 1));

        var twice = Defect.After(once, Created, "event-0", Noon.AddDays(1), ReadOnlyMemory<byte>.Empty);

        Assert.Equal(once.History, twice.History);
        Assert.Equal(once with { History = [] }, twice with { History = [] });
    }

    [Fact]
    public void After_ManyEvents_KeepsTheLastTwentyAndTheCreation()
    {
        var defect = After([Created, .. Enumerable.Range(1, 30).Select(minute => Later("updated", minute)).Reverse()]);

        Assert.Equal(Enumerable.Range(11, 20).Select(minute => Noon.AddMinutes(minute)), defect.History.Select(entry => entry.At));
        Assert.Equal(Noon, defect.Opened!.At);
    }

    [Fact]
    public void Complete_EventWithOnlyAnId_GetsWhatIsKnown()
    {
        var body = Payloads.Read("defect/created-seed-table-fields.json");
        var created = WebhookParser.Parse(body, "").Event!;
        var resolved = Later("resolved", 5);
        var defect = Defect.After(
            Defect.After(null, created, "event-0", Noon, body), resolved, "event-1", Noon, ReadOnlyMemory<byte>.Empty);

        var complete = defect.Complete(resolved);

        Assert.Equal((created.Title, created.Severity, "resolved"), (complete.Title, complete.Severity, complete.Status));
        Assert.Equal((created.ActualResult, created.CaseId, created.Step), (complete.ActualResult, complete.CaseId, complete.Step));
        Assert.Equal(
            (resolved.Name, resolved.TeamMemberId, resolved.OccurredAt),
            (complete.Name, complete.TeamMemberId, complete.OccurredAt));
        Assert.Equal("{}", complete.Payload.GetRawText());
        Assert.NotNull(created.CaseId);
    }

    [Fact]
    public void Complete_CreatedOfARenamedDefect_HasTheCurrentTitle()
    {
        var defect = After(Created, Later("updated", 1) with { Title = "Coupons", Severity = Severity.Trivial, Status = "in progress" });

        var complete = defect.Complete(Created);

        Assert.Equal(
            ("Coupons", Severity.Trivial, "in_progress", Created.ActualResult),
            (complete.Title, complete.Severity, complete.Status, complete.ActualResult));
    }

    [Theory]
    [InlineData("defect.created", "WEB", 7L, true)]
    [InlineData("Defect.Reopened", null, 7L, true)]
    [InlineData("defect.created", "WEB", null, false)]
    [InlineData("run.completed", "WEB", 7L, false)]
    public void KeyOf_Event_OnlyForDefects(string name, string? project, long? id, bool isDefect) =>
        Assert.Equal(isDefect, DefectKey.Of("", name, project, id) is not null);

    [Fact]
    public void Key_ProjectCode_IsCaseInsensitive()
    {
        Assert.Equal(new DefectKey("a", "Web", 1), new DefectKey("a", "wEB", 1));
        Assert.NotEqual(new DefectKey("a", "WEB", 1), new DefectKey("A", "WEB", 1));
        Assert.NotEqual(new DefectKey("", "WEB", 1), new DefectKey("", "SHOP", 1));
        Assert.NotEqual(new DefectKey("", "WEB", 1), new DefectKey("", "WEB", 2));
    }

    private static DefectEvent Later(string action, int minutes) =>
        new()
        {
            Source = "",
            Name = "defect." + action,
            ProjectCode = "WEB",
            SubjectId = 73,
            OccurredAt = Noon.AddMinutes(minutes),
            TeamMemberId = 7,
            Payload = NoPayload,
        };

    // The first arrives after four hours, each further one a minute later.
    private static Defect After(params ReadOnlySpan<DefectEvent> events)
    {
        Defect? defect = null;
        for (var i = 0; i < events.Length; i++) defect = Defect.After(
            defect, events[i], $"event-{i}", Noon.AddMinutes(240 + i), ReadOnlyMemory<byte>.Empty);
        return defect!;
    }
}
