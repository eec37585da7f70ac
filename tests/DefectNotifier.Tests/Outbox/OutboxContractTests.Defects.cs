using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Outbox;

public abstract partial class OutboxContractTests
{
    private static readonly DefectKey Known = new("", "WEB", 73);

    [Fact]
    public async Task ReadDefectAsync_NothingKnown_IsNull()
    {
        await Outbox.AppendAsync(Some.NewEvent("web-qa"), Token);
        await Outbox.AppendAsync(Some.NewDefectEvent(Some.DefectEvent with { SubjectId = 74 }), Token);

        Assert.Null(await Outbox.ReadDefectAsync(Known, Token));
    }

    [Fact]
    public async Task AppendAsync_EventsOfADefect_AreStoredWithTheBodyOfTheFirst()
    {
        var created = Some.NewDefectEvent(Some.DefectEvent, "web-qa");
        await Outbox.AppendAsync(Some.NewDefectEvent(Resolved(Some.Moment.AddHours(2))), Token);
        await Outbox.AppendAsync(created, Token);

        var defect = (await Outbox.ReadDefectAsync(Known, Token))!;

        Assert.Equal((Some.DefectEvent.Title, Severity.Major, "resolved"), (defect.Title, defect.Severity, defect.Status));
        Assert.Equal(["defect.created", "defect.resolved"], defect.History.Select(entry => entry.Event));
        Assert.Equal((created.Id, created.ReceivedAt), (defect.Opening.EventId, defect.Opening.ReceivedAt));
        Assert.Equal(created.Body.ToArray(), defect.Opening.Body.ToArray());
        Assert.Equal(Known, Assert.Single(await Outbox.ReadPendingAsync("web-qa", 10, Token)).Defect);
    }

    [Fact]
    public async Task AppendAsync_ProjectCodeInAnotherCase_IsTheSameDefect()
    {
        await Outbox.AppendAsync(Some.NewDefectEvent(Some.DefectEvent), Token);
        await Outbox.AppendAsync(Some.NewDefectEvent(Resolved(Some.Moment) with { ProjectCode = "web" }), Token);

        Assert.Equal(2, (await Outbox.ReadDefectAsync(Known, Token))!.History.Count);
    }

    [Theory]
    [InlineData("other", "WEB", 73L)]
    [InlineData("", "SHOP", 73L)]
    [InlineData("", null, 73L)]
    [InlineData("", "WEB", 74L)]
    public async Task AppendAsync_AnotherSourceProjectOrId_IsAnotherDefect(string source, string? project, long id)
    {
        await Outbox.AppendAsync(Some.NewDefectEvent(Some.DefectEvent), Token);
        await Outbox.AppendAsync(
            Some.NewDefectEvent(Resolved(Some.Moment) with { Source = source, ProjectCode = project, SubjectId = id }), Token);

        Assert.Equal("open", (await Outbox.ReadDefectAsync(Known, Token))!.Status);
        Assert.Equal("resolved", (await Outbox.ReadDefectAsync(new DefectKey(source, project, id), Token))!.Status);
    }

    [Fact]
    public async Task AppendAsync_Duplicate_AddsNothingToTheDefect()
    {
        var created = Some.NewDefectEvent(Some.DefectEvent);
        await Outbox.AppendAsync(created, Token);

        await Outbox.AppendAsync(Some.NewDefectEvent(Resolved(Some.Moment)) with { DedupKey = created.DedupKey }, Token);

        Assert.Equal("open", (await Outbox.ReadDefectAsync(Known, Token))!.Status);
    }

    [Fact]
    public async Task AppendAsync_ManyEventsOfOneDefectAtOnce_AreAllCounted()
    {
        var events = Enumerable.Range(0, 15).Select(second => Some.NewDefectEvent(Resolved(Some.Moment.AddSeconds(second)))).ToList();

        await Task.WhenAll(events.Select(one => Task.Run(() => Outbox.AppendAsync(one, Token), Token)));

        Assert.Equal(15, (await Outbox.ReadDefectAsync(Known, Token))!.History.Count);
    }

    [Fact]
    public async Task ReadDefectAsync_HostileTexts_AreStoredUnchanged()
    {
        var created = Some.DefectEvent with
        {
            Title = "'; DROP TABLE defect; -- \0 \"} \u202E 👩🏽‍💻",
            Severity = Severity.Parse("Sehr 'schlimm'"),
            Status = "{{ 1 }}",
            ProjectCode = "'--",
        };
        await Outbox.AppendAsync(Some.NewDefectEvent(created), Token);

        var defect = (await Outbox.ReadDefectAsync(new DefectKey("", "'--", 73), Token))!;

        Assert.Equal((created.Title, created.Severity, created.Status), (defect.Title, defect.Severity, defect.Status));
    }

    [Theory]
    [InlineData("defect.created", 30, false)]
    [InlineData("defect.created", 365, true)]
    [InlineData("defect.resolved", 29, false)]
    [InlineData("defect.resolved", 30, true)]
    [InlineData("defect.deleted", 30, true)]
    public async Task PruneDefectsAsync_Age_DependsOnWhetherTheDefectIsClosed(string name, int days, bool isGone)
    {
        await Outbox.AppendAsync(Some.NewDefectEvent(Some.DefectEvent with { Name = name }), Token);
        var request = AfterAMonth with { Now = Some.Moment.AddDays(days) };
        await Retention.PruneAsync(request);

        var step = await Retention.PruneDefectsAsync(request);

        Assert.Equal((isGone ? 1 : 0, true), (step.Pruned, step.IsDone));
        Assert.Equal(isGone, await Outbox.ReadDefectAsync(Known, Token) is null);
    }

    [Theory]
    [InlineData(DeliveryState.Pending)]
    [InlineData(DeliveryState.Held)]
    [InlineData(DeliveryState.Dead)]
    public async Task PruneDefectsAsync_AnEventIsKept_KeepsItsDefect(DeliveryState state)
    {
        await Outbox.AppendAsync(Some.NewDefectEvent(Resolved(Some.Moment), "web-qa"), Token);
        await EndAsync((await Outbox.ReadPendingAsync("web-qa", 1, Token))[0], state);
        await Retention.PruneAsync(AfterAMonth);

        Assert.Equal(0, (await Retention.PruneDefectsAsync(AfterAMonth)).Pruned);
        Assert.Equal("resolved", (await Outbox.ReadDefectAsync(Known, Token))!.Status);
    }

    [Fact]
    public async Task PruneDefectsAsync_LaterEventOfAnOldDefect_KeepsIt()
    {
        await Outbox.AppendAsync(Some.NewDefectEvent(Resolved(Some.Moment)), Token);
        await Outbox.AppendAsync(
            Some.NewDefectEvent(Some.DefectEvent with { Name = "defect.updated" }) with { ReceivedAt = Some.Moment.AddDays(1) }, Token);
        await Retention.PruneAsync(AfterAMonth with { Now = Some.Moment.AddYears(1) });

        Assert.Equal(0, (await Retention.PruneDefectsAsync(AfterAMonth)).Pruned);
        Assert.Equal(1, (await Retention.PruneDefectsAsync(AfterAMonth with { Now = Some.Moment.AddDays(31) })).Pruned);
    }

    [Fact]
    public async Task PruneDefectsAsync_MoreThanOneStep_ContinuesWhereItStopped()
    {
        for (var id = 1; id <= 5; id++) await Outbox.AppendAsync(Some.NewDefectEvent(Resolved(Some.Moment) with { SubjectId = id }), Token);
        var request = AfterAMonth with { Limit = 2 };
        await Retention.PruneAsync(AfterAMonth);

        var pruned = new List<int>();
        for (PruneResult? step = null; step is not { IsDone: true };)
        {
            step = await Retention.PruneDefectsAsync(request with { After = step?.After ?? 0 });
            pruned.Add(step.Pruned);
        }

        Assert.Equal([2, 2, 1], pruned);
        Assert.Null(await Outbox.ReadDefectAsync(new DefectKey("", "WEB", 5), Token));
    }

    private static DefectEvent Resolved(DateTimeOffset at) =>
        Some.DefectEvent with { Name = "defect.resolved", OccurredAt = at, Title = null, Severity = null, ActualResult = null };
}
