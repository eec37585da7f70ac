using DefectNotifier.Enrichment;
using DefectNotifier.Events;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Enrichment;

public sealed class EnricherTests : IAsyncDisposable
{
    private static readonly DefectKey Key = new("", "WEB", 73);

    private readonly EnricherWorld _world = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Run_UnknownDefectAndMember_StoresTitleAndNames()
    {
        const string Defect = """{"id":73,"title":"Coupons","status":"resolved","member_id":12,"created_at":"2026-03-01T09:00:00+00:00"}""";
        _world.Qase.Set("defect/WEB/73", Defect).Set("user/418", """{"name":"Rut"}""").Set("user/12", """{"name":"Ole"}""");
        await _world.StartAsync();

        await _world.AppendAsync(Unnamed);
        await _world.RunUntilAsync(() => _world.Qase.Asked.Count == 3);
        await _world.NothingIsPendingAsync();

        Assert.Equal(("Coupons", "resolved"), await _world.DefectAsync(Key));
        var names = await _world.Outbox.ReadNamesAsync("", [12, 418], Token);
        Assert.Equal("Ole Rut", string.Join(' ', names.OrderBy(one => one.Key).Select(one => one.Value)));
        Assert.Equal(["defect/WEB/73", "user/12", "user/418"], _world.Qase.Asked.Order(StringComparer.Ordinal));
        Assert.Equal(3, _world.Counted("ok"));
        Assert.Empty(_world.Log.Texts);
        Assert.Equal(new QaseStatus("Qase", QaseAccountState.Asking, null), Assert.Single(_world.Enricher.Statuses));
    }

    [Fact]
    public async Task Run_RequestFromBeforeTheStart_IsSent()
    {
        _world.Qase.Set("defect/WEB/73", """{"title":"Coupons"}""");
        await _world.AppendAsync(Unnamed with { TeamMemberId = 0 });
        // As after a restart: no signal was sent for the request.
        await _world.StartAsync();

        await _world.NothingIsPendingAsync();

        Assert.Equal("Coupons", (await _world.DefectAsync(Key)).Title);
    }

    [Fact]
    public async Task Run_ManyRequests_StaysWithinTheBudgetInEveryMinute()
    {
        _world.RequestsPerMinute = 30;
        for (var id = 1; id <= 50; id++) await _world.AppendAsync(Unnamed with { SubjectId = id, TeamMemberId = 0 });
        await _world.StartAsync();

        var times = new List<TimeSpan>();
        await _world.RunUntilAsync(
            () =>
            {
                while (times.Count < _world.Qase.Asked.Count) times.Add(_world.Time.GetUtcNow() - Some.Moment);
                return times.Count == 50;
            });

        Assert.All(times, from => Assert.InRange(times.Count(time => time >= from && time - from < TimeSpan.FromSeconds(58)), 1, 30));
        Assert.InRange(times[^1], TimeSpan.FromSeconds(97), TimeSpan.FromSeconds(130));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(400)]
    public async Task Run_DefectDoesNotExist_GivesUpAtOnce(int status)
    {
        _world.Qase.Always = ScriptedQase.Response(status);
        await _world.AppendAsync(Unnamed with { TeamMemberId = 0 });
        await _world.StartAsync();

        await _world.NothingIsPendingAsync();
        await _world.Time.RunAsync(TimeSpan.FromHours(1));

        Assert.Single(_world.Qase.Asked);
    }

    [Fact]
    public async Task Run_RateLimited_WaitsForRetryAfterAndSendsAllRequests()
    {
        _world.Qase.Always = ScriptedQase.Response(429, retryAfter: TimeSpan.FromSeconds(90));
        await _world.AppendAsync(Unnamed);
        await _world.StartAsync();

        await _world.RunUntilAsync(() => _world.Qase.Asked.Count == 1);
        _world.Qase.Always = null;
        await _world.Time.RunAsync(TimeSpan.FromSeconds(85));
        Assert.Single(_world.Qase.Asked);
        Assert.Equal(new QaseStatus("Qase", QaseAccountState.Waiting, QaseOutcome.RateLimited), Assert.Single(_world.Enricher.Statuses));
        await _world.NothingIsPendingAsync();

        Assert.Equal([251, 252], _world.Log.EventIds);
        Assert.Equal(1, _world.Counted("rate-limited"));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task Run_TokenRefused_StopsUntilTheTokenChanges(int status)
    {
        _world.Qase.Always = ScriptedQase.Response(status);
        await _world.AppendAsync(Unnamed);
        await _world.StartAsync();

        await _world.RunUntilAsync(() => _world.Enricher.Statuses is [{ State: QaseAccountState.Stopped }]);
        await _world.Time.RunAsync(TimeSpan.FromHours(2));
        Assert.Single(_world.Qase.Asked);
        Assert.Equal(250, Assert.Single(_world.Log.EventIds));
        Assert.Contains(status.ToString(), _world.Log.Texts[0], StringComparison.Ordinal);

        _world.Qase.Always = null;
        _world.Key = "another token";
        await _world.NothingIsPendingAsync();
        Assert.Equal(QaseAccountState.Asking, Assert.Single(_world.Enricher.Statuses).State);
    }

    [Fact]
    public async Task Run_NoResponse_RetriesForADayThenGivesUp()
    {
        _world.Qase.Always = ScriptedQase.Silence(_world.Time);
        await _world.AppendAsync(Unnamed with { TeamMemberId = 0 });
        await _world.StartAsync();

        _world.Time.MinJump = TimeSpan.FromMinutes(5);
        await _world.NothingIsPendingAsync();

        Assert.Equal(EnrichmentSchedule.MaxTries, _world.Qase.Asked.Count);
        Assert.InRange(_world.Time.GetUtcNow() - Some.Moment, TimeSpan.FromHours(20), TimeSpan.FromHours(36));
        Assert.Equal(EnrichmentSchedule.MaxTries, _world.Counted("timeout"));
        Assert.Equal(251, Assert.Single(_world.Log.EventIds));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(302)]
    [InlineData(200)]
    public async Task Run_FailureThatEnds_RetriesAndLogsBoth(int status)
    {
        _world.Qase.Always = ScriptedQase.Response(status, "<html>");
        await _world.AppendAsync(Unnamed with { TeamMemberId = 0 });
        await _world.StartAsync();
        await _world.RunUntilAsync(() => _world.Qase.Asked.Count == 3);

        _world.Qase.Always = null;
        _world.Qase.Set("defect/WEB/73", """{"title":"Coupons"}""");
        await _world.NothingIsPendingAsync();

        Assert.Equal("Coupons", (await _world.DefectAsync(Key)).Title);
        Assert.Equal([251, 252], _world.Log.EventIds);
    }

    [Fact]
    public async Task Run_UnexpectedException_IsLoggedAndGivenUpAfterMaxTries()
    {
        _world.Qase.Always = _ => throw new InvalidOperationException("a bug");
        await _world.AppendAsync(Unnamed with { TeamMemberId = 0 });
        await _world.StartAsync();

        _world.Time.MinJump = TimeSpan.FromMinutes(5);
        await _world.NothingIsPendingAsync();

        Assert.Equal(EnrichmentSchedule.MaxTries, _world.Log.EventIds.Count(id => id == 255));
    }

    [Fact]
    public async Task Run_StoreUnavailable_LogsOnceAndContinues()
    {
        await _world.AppendAsync(Unnamed);
        _world.Outbox.Error = "disk full";
        await _world.StartAsync();
        await _world.RunUntilAsync(() => _world.Outbox.Refusals >= 3);

        _world.Outbox.Error = null;
        await _world.NothingIsPendingAsync();

        Assert.Equal([50, 51], _world.HealthLog.EventIds);
    }

    [Fact]
    public async Task Run_SourceWithoutAnAccount_DoesNotBlockOthers()
    {
        _world.Sources = ["mine"];
        await _world.AppendAsync(Unnamed with { Source = "foreign", TeamMemberId = 0 });
        await _world.AppendAsync(Unnamed with { Source = "Mine", TeamMemberId = 0 });
        await _world.StartAsync();

        await _world.RunUntilAsync(() => _world.Qase.Asked.Count == 1);
        await _world.Time.RunAsync(TimeSpan.FromMinutes(10));

        Assert.Single(_world.Qase.Asked);
        Assert.Equal(1, await _world.Outbox.CountEnrichmentRequestsAsync(Token));
    }

    [Theory]
    [InlineData("../user")]
    [InlineData("WEB/1?x=")]
    [InlineData("..")]
    [InlineData("ÄÖ")]
    public async Task Run_InvalidProjectCode_SendsNoRequest(string project)
    {
        await _world.AppendAsync(Unnamed with { ProjectCode = project, TeamMemberId = 0 });
        await _world.StartAsync();

        await _world.NothingIsPendingAsync();

        Assert.Empty(_world.Qase.Asked);
    }

    [Fact]
    public async Task Run_ClockWasSetBack_StillSendsTheRequest()
    {
        await _world.AppendAsync(Unnamed with { TeamMemberId = 0 }, Some.Moment.AddDays(400));
        await _world.StartAsync();

        await _world.NothingIsPendingAsync();

        Assert.Single(_world.Qase.Asked);
    }

    [Fact]
    public async Task Run_UpdatedWhileQaseIsResponding_AsksAgain()
    {
        await _world.AppendAsync(Unnamed with { Name = "defect.updated", TeamMemberId = 0 });
        var isChanged = false;
        _world.Qase.Set("defect/WEB/73", async token =>
        {
            var severity = isChanged ? "blocker" : "minor";
            await Task.Delay(TimeSpan.FromSeconds(1), _world.Time, token);
            // Qase read the defect before this change.
            if (!isChanged) await _world.AppendAsync(Unnamed with { Name = "defect.updated", TeamMemberId = 0, OccurredAt = Some.Moment });
            isChanged = true;
            var body = $$$"""{"status":true,"result":{"id":73,"title":"Coupons","severity":"{{{severity}}}"}}""";
            return await ScriptedQase.Response(200, body)(token);
        });
        await _world.StartAsync();

        await _world.NothingIsPendingAsync();

        Assert.Equal(2, _world.Qase.Asked.Count);
        Assert.Equal(Severity.Blocker, (await _world.Outbox.ReadDefectAsync(new DefectKey("", "WEB", 73), Token))!.Severity);
    }

    [Fact]
    public async Task Run_NoAccount_DoesNotReadTheStore()
    {
        _world.Sources = [];
        _world.Outbox.Error = "not to be read";
        await _world.StartAsync();

        await _world.Time.RunAsync(TimeSpan.FromMinutes(10));

        Assert.Equal(0, _world.Outbox.Refusals);
        Assert.Empty(_world.Enricher.Statuses);
    }

    private static DefectEvent Unnamed { get; } =
        Some.DefectEvent with { Name = "defect.resolved", Title = null, Severity = null, ActualResult = null };
}
