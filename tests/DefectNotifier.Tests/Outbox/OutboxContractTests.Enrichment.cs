using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Outbox;

public abstract partial class OutboxContractTests
{
    private static readonly DefectDetails Answer = new()
    {
        Title = "Answer by Qase",
        Status = "resolved",
        ActualResult = "'; \0 {{ 1 }} 👩🏽‍💻",
        Attachments = [new Attachment("total.png", "https://static.example.test/total.png"), new Attachment("log", null)],
        CreatedBy = 12,
        CreatedAt = Some.Moment.AddHours(-1),
        ResolvedAt = Some.Moment,
        AskedAt = Some.Moment.AddMinutes(1),
    };

    private IEnrichmentStore Memory => (IEnrichmentStore)Outbox;

    [Theory]
    [InlineData("defect.created", "A title", false)]
    [InlineData("defect.created", null, true)]
    [InlineData("defect.resolved", null, true)]
    // The webhook of an update does not say what it changed.
    [InlineData("defect.updated", "Renamed", true)]
    [InlineData("defect.deleted", null, false)]
    public async Task AppendAsync_MayAsk_RequestsDetailsOfDefectsWithoutATitleAndOfUpdatedOnes(string name, string? title, bool isWanted)
    {
        Assert.Equal(isWanted, await AddsRequestAsync(Asking(Some.DefectEvent with { Name = name, Title = title, TeamMemberId = 0 })));

        Assert.Equal(isWanted ? [EnrichmentRequest.Of(Known)] : [], await EnrichmentRequestsAsync());
    }

    [Theory]
    [InlineData(418L, true)]
    [InlineData(0L, false)]
    [InlineData(-1L, false)]
    [InlineData(null, false)]
    public async Task AppendAsync_MayAsk_RequestsTheNameOfAMember(long? member, bool isWanted)
    {
        Assert.Equal(isWanted, await AddsRequestAsync(Asking(Some.DefectEvent with { TeamMemberId = member })));

        Assert.Equal(isWanted ? [EnrichmentRequest.Name("", member!.Value)] : [], await EnrichmentRequestsAsync());
    }

    [Fact]
    public async Task AppendAsync_OtherKindsOfEvents_RequestOnlyTheName()
    {
        await Outbox.AppendAsync(Some.NewEvent() with { Source = "", TeamMemberId = 418, CanEnrich = true }, Token);

        Assert.Equal([EnrichmentRequest.Name("", 418)], await EnrichmentRequestsAsync());
    }

    [Fact]
    public async Task AppendAsync_MayNotAsk_RequestsNothing()
    {
        Assert.False(await AddsRequestAsync(Some.NewDefectEvent(Resolved(Some.Moment))));

        Assert.Empty(await Memory.ReadEnrichmentQueuesAsync(10, Token));
        Assert.Equal(0, await Memory.CountEnrichmentRequestsAsync(Token));
    }

    [Fact]
    public async Task IsRequestedAsync_Pending_IsTrueUntilItEnds()
    {
        EnrichmentRequest[] requests = [EnrichmentRequest.Name("", 7), EnrichmentRequest.Of(Known)];
        Assert.False(await Outbox.IsRequestedAsync(requests, Token));
        await Outbox.AppendAsync(Asking(Resolved(Some.Moment) with { TeamMemberId = 0 }), Token);
        Assert.True(await Outbox.IsRequestedAsync(requests, Token));

        // Without a result it is stored as given up.
        await Memory.ApplyEnrichmentAsync(new EnrichmentResult(EnrichmentRequest.Of(Known), Some.Moment));

        Assert.False(await Outbox.IsRequestedAsync(requests, Token));
    }

    [Fact]
    public async Task AppendAsync_NoProject_RequestsNoDetails()
    {
        await Outbox.AppendAsync(Asking(Resolved(Some.Moment) with { ProjectCode = null, TeamMemberId = 0 }), Token);

        Assert.Empty(await EnrichmentRequestsAsync());
    }

    [Fact]
    public async Task AppendAsync_RequestedAlready_IsRequestedOnce()
    {
        await Outbox.AppendAsync(Asking(Resolved(Some.Moment)), Token);

        Assert.False(await AddsRequestAsync(Asking(Resolved(Some.Moment.AddSeconds(1)))));
        Assert.Equal(2, await Memory.CountEnrichmentRequestsAsync(Token));
    }

    [Fact]
    public async Task AppendAsync_Duplicate_RequestsNothing()
    {
        var first = Some.NewDefectEvent(Resolved(Some.Moment));
        await Outbox.AppendAsync(first, Token);

        Assert.False(await AddsRequestAsync(first with { CanEnrich = true }));
        Assert.Empty(await EnrichmentRequestsAsync());
    }

    [Theory]
    [InlineData("defect.created")]
    [InlineData("defect.deleted")]
    public async Task AppendAsync_NamedOrDeletedMeanwhile_DeletesTheRequest(string name)
    {
        await Outbox.AppendAsync(Asking(Resolved(Some.Moment) with { TeamMemberId = 0 }), Token);

        await Outbox.AppendAsync(
            Some.NewDefectEvent((name == "defect.created" ? Some.DefectEvent : Resolved(Some.Moment)) with { Name = name }), Token);

        Assert.Empty(await EnrichmentRequestsAsync());
    }

    [Fact]
    public async Task ApplyEnrichmentAsync_Details_AreStoredAndVisible()
    {
        await Outbox.AppendAsync(Asking(Resolved(Some.Moment)), Token);
        await Memory.ApplyEnrichmentAsync(new EnrichmentResult(EnrichmentRequest.Name("", 418), Some.Moment) { Name = "Rut" });

        _news.Take();
        var change = await Memory.ApplyEnrichmentAsync(new EnrichmentResult(EnrichmentRequest.Of(Known), Some.Moment) { Details = Answer });

        var defect = (await Outbox.ReadDefectAsync(Known, Token))!;
        Assert.Equal((Known, true), (change.Defect, change.IsVisible));
        Assert.DoesNotContain(_news.Take(), one => one.EndsWith("+1", StringComparison.Ordinal));
        Assert.Equal(
            (Answer.Title, "resolved", Answer.ActualResult, Answer.CreatedBy),
            (defect.Title, defect.Status, defect.Report!.ActualResult, defect.Creation!.TeamMemberId));
        Assert.Equal(Answer.Attachments, defect.Report.Attachments);
        Assert.Equal(Answer.CreatedAt, defect.Creation.At);
        // The name of the member who created the defect is not known yet.
        Assert.Equal([EnrichmentRequest.Name("", 12)], await EnrichmentRequestsAsync());
    }

    [Fact]
    public async Task ApplyEnrichmentAsync_SameDetailsAgain_AreNotVisible()
    {
        await Outbox.AppendAsync(Asking(Resolved(Some.Moment)), Token);
        await Memory.ApplyEnrichmentAsync(new EnrichmentResult(EnrichmentRequest.Of(Known), Some.Moment) { Details = Answer });

        var again = new EnrichmentResult(EnrichmentRequest.Of(Known), Some.Moment)
        {
            Details = Answer with { AskedAt = Some.Moment.AddDays(1) },
        };

        Assert.False((await Memory.ApplyEnrichmentAsync(again)).IsVisible);
    }

    [Fact]
    public async Task ApplyEnrichmentAsync_DeletedDefect_ChangesNothing()
    {
        var change = await Memory.ApplyEnrichmentAsync(new EnrichmentResult(EnrichmentRequest.Of(Known), Some.Moment) { Details = Answer });

        Assert.Equal((Known, false), (change.Defect, change.IsVisible));
        Assert.Null(await Outbox.ReadDefectAsync(Known, Token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ApplyEnrichmentAsync_NoTitle_EndsUntilAnEventADayLater(bool isAnswered)
    {
        await Outbox.AppendAsync(Asking(Resolved(Some.Moment) with { TeamMemberId = 0 }), Token);
        await Memory.ApplyEnrichmentAsync(new EnrichmentResult(EnrichmentRequest.Of(Known), Some.Moment)
        {
            Details = isAnswered
            ? Answer with { Title = null, CreatedBy = null }
            : null
        });

        Assert.False(await AsksAsync(Some.Moment.AddHours(24)));
        Assert.Empty(await EnrichmentRequestsAsync());
        Assert.True(await AsksAsync(Some.Moment.AddHours(25)));
        Assert.Equal([EnrichmentRequest.Of(Known)], await EnrichmentRequestsAsync());

        async Task<bool> AsksAsync(DateTimeOffset at) =>
            await AddsRequestAsync(Asking(Resolved(at) with { TeamMemberId = 0 }) with { ReceivedAt = at });
    }

    [Fact]
    public async Task ApplyEnrichmentAsync_Deferred_IsDueAgainWithItsTries()
    {
        await Outbox.AppendAsync(Asking(Resolved(Some.Moment)), Token);
        var due = Some.Moment.AddMinutes(3);
        await Memory.ApplyEnrichmentAsync(
            new EnrichmentResult(EnrichmentRequest.Of(Known), Some.Moment) { NextAt = Some.Moment.AddMinutes(1) });
        await Memory.ApplyEnrichmentAsync(new EnrichmentResult(EnrichmentRequest.Of(Known), Some.Moment) { NextAt = due });

        Assert.Equal([EnrichmentRequest.Name("", 418)], await Memory.ReadEnrichmentRequestsAsync("", due.AddMilliseconds(-1), 10, Token));
        Assert.Equal(
            [EnrichmentRequest.Name("", 418), EnrichmentRequest.Of(Known) with { Tries = 2 }],
            await Memory.ReadEnrichmentRequestsAsync("", due, 10, Token));
        Assert.Equal([new EnrichmentQueue("", Some.Moment)], await Memory.ReadEnrichmentQueuesAsync(10, Token));
    }

    [Fact]
    public async Task ApplyEnrichmentAsync_DeferredAfterItWasNamed_StaysEnded()
    {
        await Outbox.AppendAsync(Asking(Resolved(Some.Moment) with { TeamMemberId = 0 }), Token);
        await Outbox.AppendAsync(Some.NewDefectEvent(Some.DefectEvent), Token);

        await Memory.ApplyEnrichmentAsync(new EnrichmentResult(EnrichmentRequest.Of(Known), Some.Moment) { NextAt = Some.Moment });

        Assert.Empty(await EnrichmentRequestsAsync());
    }

    [Fact]
    public async Task ReadEnrichmentRequestsAsync_SeveralWorkspaces_AreSeparateAndInOrder()
    {
        foreach (var (source, id) in (IEnumerable<(string, long)>)[("b", 3), ("", 1), ("b", 2), ("a.b-c_d", 4), ("B", 5)])
        {
            var resolved = Resolved(Some.Moment) with { Source = source, SubjectId = id, TeamMemberId = 0 };
            await Outbox.AppendAsync(Asking(resolved) with { ReceivedAt = Some.Moment.AddSeconds(10 - id) }, Token);
        }

        Assert.Equal(["", "B", "a.b-c_d", "b"], (await Memory.ReadEnrichmentQueuesAsync(10, Token)).Select(queue => queue.Source));
        Assert.Equal(["", "B"], (await Memory.ReadEnrichmentQueuesAsync(2, Token)).Select(queue => queue.Source));
        Assert.Equal(Some.Moment.AddSeconds(7), (await Memory.ReadEnrichmentQueuesAsync(10, Token))[3].DueAt);
        Assert.Equal(
            [3L, 2L],
            (await Memory.ReadEnrichmentRequestsAsync("b", Some.Moment.AddDays(1), 10, Token)).Select(request => request.Defect!.Value.Id));
        Assert.Equal(3L, Assert.Single(await Memory.ReadEnrichmentRequestsAsync("b", Some.Moment.AddDays(1), 1, Token)).Defect!.Value.Id);
        Assert.Equal(5, await Memory.CountEnrichmentRequestsAsync(Token));
    }

    [Fact]
    public async Task ApplyEnrichmentAsync_Name_IsReadByItsIdInItsWorkspaceOnly()
    {
        await Outbox.AppendAsync(Asking(Some.DefectEvent), Token);

        var change = await Memory.ApplyEnrichmentAsync(
            new EnrichmentResult(EnrichmentRequest.Name("", 418), Some.Moment) { Name = "Rut <Olsen> & co '; --" });

        Assert.Equal((null, true), (change.Defect, change.IsVisible));
        Assert.Equal(
            "Rut <Olsen> & co '; --", Assert.Single(await Outbox.ReadNamesAsync("", [7, 418, 418], Token), one => one.Key == 418).Value);
        Assert.Empty(await Outbox.ReadNamesAsync("other", [418], Token));
        Assert.Empty(await Outbox.ReadNamesAsync("", [], Token));
        Assert.Empty(await EnrichmentRequestsAsync());
    }

    [Theory]
    [InlineData("Rut", "Rut", false)]
    [InlineData("Rut", "Ruth", true)]
    [InlineData("Rut", null, false)]
    [InlineData(null, "Rut", true)]
    [InlineData(null, null, false)]
    public async Task ApplyEnrichmentAsync_NameAgain_IsVisibleWhenItDiffersAndNeverLost(string? before, string? after, bool isVisible)
    {
        await Memory.ApplyEnrichmentAsync(new EnrichmentResult(EnrichmentRequest.Name("", 418), Some.Moment) { Name = before });

        var again = new EnrichmentResult(EnrichmentRequest.Name("", 418), Some.Moment) { Name = after };
        Assert.Equal(isVisible, (await Memory.ApplyEnrichmentAsync(again)).IsVisible);
        Assert.Equal(after ?? before, (await Outbox.ReadNamesAsync("", [418], Token)).GetValueOrDefault(418));
    }

    [Theory]
    [InlineData("Rut", 12)]
    [InlineData(null, 24)]
    public async Task AppendAsync_KnownName_IsRequestedAgainWhenItIsOld(string? name, int hours)
    {
        await Outbox.AppendAsync(Asking(Some.DefectEvent), Token);
        await Memory.ApplyEnrichmentAsync(new EnrichmentResult(EnrichmentRequest.Name("", 418), Some.Moment) { Name = name });

        Assert.False(await AsksAsync(Some.Moment.AddHours(hours).AddSeconds(-1)));
        Assert.True(await AsksAsync(Some.Moment.AddHours(hours)));
        Assert.Equal(name, (await Outbox.ReadNamesAsync("", [418], Token)).GetValueOrDefault(418));

        async Task<bool> AsksAsync(DateTimeOffset at) =>
            await AddsRequestAsync(Asking(Some.DefectEvent) with { ReceivedAt = at });
    }

    [Fact]
    public async Task PruneDefectsAsync_Defect_IsDeletedWithItsRequestAndOldNamesAtTheEnd()
    {
        await Outbox.AppendAsync(Asking(Resolved(Some.Moment) with { TeamMemberId = 0 }), Token);
        await Outbox.AppendAsync(
            Asking(Resolved(Some.Moment) with { SubjectId = 74, TeamMemberId = 0 }) with { ReceivedAt = Some.Moment.AddDays(20) }, Token);
        await Memory.ApplyEnrichmentAsync(new EnrichmentResult(EnrichmentRequest.Name("", 1), Some.Moment) { Name = "Old" });
        await Memory.ApplyEnrichmentAsync(new EnrichmentResult(EnrichmentRequest.Name("", 2), Some.Moment.AddDays(1)) { Name = "New" });
        await Retention.PruneAsync(AfterAMonth with { Limit = 1 });

        await Retention.PruneDefectsAsync(AfterAMonth);
        Assert.Equal([74L], (await EnrichmentRequestsAsync()).Select(request => request.Defect!.Value.Id));
        Assert.Equal(2, (await Outbox.ReadNamesAsync("", [1, 2], Token)).Count);

        await Retention.PruneDefectsAsync(AfterAMonth with { Now = Some.Moment.AddDays(365).AddSeconds(1) });
        Assert.Equal("New", Assert.Single(await Outbox.ReadNamesAsync("", [1, 2], Token)).Value);
    }

    private static NewEvent Asking(DefectEvent defectEvent) => Some.NewDefectEvent(defectEvent) with { CanEnrich = true };

    private async Task<bool> AddsRequestAsync(NewEvent newEvent)
    {
        _news.Take();
        await Outbox.AppendAsync(newEvent, Token);
        return _news.Take().Contains("request");
    }

    // The destinations that got a delivery which brings a message up to date.
    private async Task<IEnumerable<string>> RefreshedAsync(EnrichmentResult result)
    {
        _news.Take();
        await Memory.ApplyEnrichmentAsync(result);
        return _news.Take().Where(one => one.EndsWith(" +1", StringComparison.Ordinal)).Select(one => one[..^3]);
    }

    private Task<IReadOnlyList<EnrichmentRequest>> EnrichmentRequestsAsync() =>
        Memory.ReadEnrichmentRequestsAsync("", Some.Moment.AddDays(1000), 100, Token);
}
