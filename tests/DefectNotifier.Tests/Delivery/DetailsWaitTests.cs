using DefectNotifier.Enrichment;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Delivery;

/// <summary>Messages that can't be changed later, while Qase's API is being asked what they lack.</summary>
public sealed class DetailsWaitTests : IAsyncDisposable
{
    private static readonly EnrichmentRequest Request = EnrichmentRequest.Of(new DefectKey("", "WEB", 73));
    private static readonly DefectDetails Details = new() { Title = "Coupons are ignored", AskedAt = Some.Moment };

    private readonly LaneWorld _world = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public DetailsWaitTests() => Use(TimeSpan.FromSeconds(3));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task RunAsync_QaseResponds_ShowsTheResponse()
    {
        await ResolvedAsync();
        Run();
        await Eventually.HoldsAsync(() => _world.Outbox.RequestReads > 0, "the lane waits");
        Assert.Empty(_world.Sender.Sent);

        await _world.Outbox.ApplyEnrichmentAsync(new EnrichmentResult(Request, Some.Moment) { Details = Details });
        _world.Progress.Advance();

        await _world.SentAsync(1);
        Assert.Equal((Some.Moment, true), Sent());
    }

    [Fact]
    public async Task RunAsync_QaseKnowsNothing_IsSentWithTheResponse()
    {
        await ResolvedAsync();
        Run();
        await Eventually.HoldsAsync(() => _world.Outbox.RequestReads > 0, "the lane waits");

        await _world.Outbox.ApplyEnrichmentAsync(new EnrichmentResult(Request, Some.Moment));
        _world.Progress.Advance();

        await _world.SentAsync(1);
        Assert.Equal((Some.Moment, false), Sent());
    }

    [Fact]
    public async Task RunAsync_NoResponse_IsSentAfterTheWait()
    {
        await ResolvedAsync();

        await RunUntilSentAsync();

        Assert.Equal((Some.Moment.AddSeconds(3), false), Sent());
    }

    [Fact]
    public async Task RunAsync_QaseStartsToFail_IsSentAtOnce()
    {
        await ResolvedAsync();
        Run();
        await Eventually.HoldsAsync(() => _world.Outbox.RequestReads > 0, "the lane waits");

        _world.Progress.Report([]);

        await _world.SentAsync(1);
        Assert.Equal((Some.Moment, false), Sent());
    }

    [Theory]
    [InlineData(0, true, 0)]
    [InlineData(3, false, 0)]
    [InlineData(3, true, 3)]
    public async Task RunAsync_NothingToWaitFor_IsSentAtOnce(int waitFor, bool isResponding, int ageSeconds)
    {
        Use(TimeSpan.FromSeconds(waitFor));
        if (!isResponding) _world.Progress.Report([]);
        await ResolvedAsync();
        _world.Time.Advance(TimeSpan.FromSeconds(ageSeconds));

        Run();

        await _world.SentAsync(1);
        Assert.Equal((Some.Moment.AddSeconds(ageSeconds), false), Sent());
    }

    [Fact]
    public async Task RunAsync_ResponseNamesAMember_WaitsForTheName()
    {
        await ResolvedAsync();
        Run();
        await Eventually.HoldsAsync(() => _world.Outbox.RequestReads > 0, "the lane waits");
        var details = Details with { CreatedBy = 12, CreatedAt = Some.Moment.AddHours(-1) };
        await _world.Outbox.ApplyEnrichmentAsync(new EnrichmentResult(Request, Some.Moment) { Details = details });
        _world.Progress.Advance();
        await _world.Time.RunAsync(TimeSpan.FromSeconds(1));
        Assert.Empty(_world.Sender.Sent);

        await _world.Outbox.ApplyEnrichmentAsync(new EnrichmentResult(EnrichmentRequest.Name("", 12), Some.Moment) { Name = "Rut" });
        _world.Progress.Advance();

        await _world.SentAsync(1);
        Assert.Equal((Some.Moment.AddSeconds(1), true), Sent());
    }

    [Theory]
    [InlineData(-60)]
    [InlineData(-2)]
    [InlineData(2)]
    public async Task RunAsync_ClockIsChanged_WaitsNoLonger(int minutes)
    {
        await ResolvedAsync();
        var clock = new ShiftedTime(_world.Time) { Shift = TimeSpan.FromMinutes(minutes) };

        _running = _world.RunAsync(_world.NewLane(clock), _stop.Token, _stop.Token);
        await _world.Time.UntilAsync(() => _world.Sender.Sent.Count > 0, () => "the message");

        Assert.Equal((Some.Moment.AddSeconds(minutes < 0 ? 3 : 0), false), Sent());
    }

    [Fact]
    public async Task RunAsync_NothingIsRequested_IsSentAtOnce()
    {
        await _world.AcceptAsync(1);

        Run();

        await _world.SentAsync(1);
        Assert.Equal(Some.Moment, _world.Sender.Sent[0].At);
    }

    [Fact]
    public async Task RunAsync_ABurst_WaitsOnce()
    {
        for (var id = 1; id <= 5; id++) await ResolvedAsync(id);

        await RunUntilSentAsync(5);

        Assert.All(_world.Sender.Sent, sent => Assert.Equal(Some.Moment.AddSeconds(3), sent.At));
    }

    private (DateTimeOffset At, bool HasTitle) Sent()
    {
        var (at, message, _) = Assert.Single(_world.Sender.Sent);
        return (at, LaneWorld.TextOf(message).Contains("Coupons are ignored", StringComparison.Ordinal));
    }

    private void Use(TimeSpan waitFor)
    {
        var account = new QaseAccount("Qase", "key", 60, new ScriptedQase());
        _world.Configuration = _world.Configuration with
        {
            Accounts = QaseAccounts.None with { Default = account },
            Qase = new QaseOptions { WaitFor = waitFor },
        };
        _world.Progress.Report(["key"]);
    }

    private Task ResolvedAsync(int id = 73) => _world.Outbox.AppendAsync(
        Some.NewDefectEvent(
            Some.DefectEvent with { Name = "defect.resolved", Title = null, Severity = null, SubjectId = id, TeamMemberId = 0 }, "web-qa")
        with
        {
            CanEnrich = true,
            Body = System.Text.Encoding.UTF8.GetBytes(
                $$"""{"event_name":"defect.resolved","payload":{"id":{{id}}},"project_code":"WEB"}"""),
        },
        CancellationToken.None);

    private void Run() => _running = _world.RunAsync(_world.NewLane(), _stop.Token, _stop.Token);

    private async Task RunUntilSentAsync(int count = 1)
    {
        Run();
        await _world.Time.UntilAsync(() => _world.Sender.Sent.Count >= count, () => $"{_world.Sender.Sent.Count} messages");
    }
}
