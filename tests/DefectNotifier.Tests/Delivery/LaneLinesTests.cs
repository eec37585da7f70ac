using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Telemetry;

namespace DefectNotifier.Tests.Delivery;

/// <summary>What the log says about delivered messages.</summary>
public sealed class LaneLinesTests : IAsyncDisposable
{
    private const int Delivered = 414;
    private const int MoreDelivered = 415;

    private readonly LogLines<Lane> _log = new();
    private readonly LaneWorld _world;
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public LaneLinesTests() => _world = new LaneWorld { LaneLogger = _log };

    [Fact]
    public async Task RunAsync_MessageDelivered_IsOneLine()
    {
        await _world.AcceptAsync(97);
        var stored = Assert.Single(await _world.StoredAsync());

        await DeliverAsync(1);

        Assert.Equal(
            $"web-qa: event {stored.Id} delivered, project WEB, defect D-97, 0 ms after it was accepted",
            Line(Delivered));
        Assert.Single(_log.EventIds, id => id == Delivered);
    }

    [Fact]
    public async Task RunAsync_DeliveredAfterAFailure_CountsTheWait()
    {
        _world.Sender.Then(new SendResult(SendOutcome.Wait, SendReason.RateLimited) { RetryAfter = TimeSpan.FromSeconds(5) });
        await _world.AcceptAsync(1);

        await DeliverAsync(2);

        Assert.EndsWith("defect D-1, 5000 ms after it was accepted", Line(Delivered), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ManyInOneSecond_AreSummed()
    {
        for (var id = 1; id <= LineBudget.SinglesPerSecond + 30; id++) await _world.AcceptAsync(id);

        await DeliverAsync(LineBudget.SinglesPerSecond + 30);

        Assert.Equal(LineBudget.SinglesPerSecond, _log.EventIds.Count(id => id == Delivered));
        Assert.Equal(
            "web-qa: 30 more messages delivered within the same second, the longest 0 ms after it was accepted", Line(MoreDelivered));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        _world.Dispose();
    }

    private string Line(int id) => _log.Texts[_log.EventIds.ToList().IndexOf(id)];

    // Until the lane has ended, so that everything is logged.
    private async Task DeliverAsync(int count)
    {
        _running = _world.RunAsync(_world.NewLane(), _stop.Token, CancellationToken.None);
        await _world.Time.UntilAsync(
            () => _world.Sender.Sent.Count == count && _world.Signals.For("web-qa").Waiting == 0, () => "the sends");
        await _stop.CancelAsync();
        await _running;
    }
}
