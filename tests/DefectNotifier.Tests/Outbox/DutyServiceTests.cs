using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Outbox;

public sealed class DutyServiceTests : IDisposable
{
    private readonly JumpingTime _time = new(Some.Moment);
    private readonly ScriptedClaims _claims = new();
    private readonly Duty _duty;

    public DutyServiceTests() => _duty = new Duty(_claims, _time);

    public void Dispose() => _duty.Dispose();

    [Fact]
    public async Task StartAsync_NameIsTaken_RunsWhenItIsFree()
    {
        var other = await _claims.ClaimAsync("@work", CancellationToken.None);
        await _duty.StartAsync(CancellationToken.None);
        Assert.Equal(0, _duty.Runs);

        await _claims.ReleaseAsync(other);

        await Eventually.HoldsAsync(() => _duty.Runs == 1, "the work");
        await _duty.StopAsync(CancellationToken.None);
        await _claims.ClaimAsync("@work", CancellationToken.None);
    }

    [Fact]
    public async Task ClaimLost_StopsTheWorkAndClaimsAgain()
    {
        await _duty.StartAsync(CancellationToken.None);
        await Eventually.HoldsAsync(() => _duty.Runs == 1, "the work");

        await _claims.LoseAllAsync();

        await Eventually.HoldsAsync(() => _duty.Runs == 2, "the work again");
        Assert.Equal(1, _duty.Ends);
        Assert.Equal(1, _duty.Releases);
        await _duty.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task ClaimAsync_StoreUnavailable_IsTriedAgainAfterAPause()
    {
        _claims.Error = new OutboxUnavailableException("gone");
        await _duty.StartAsync(CancellationToken.None);
        _claims.Error = null;

        await _time.UntilAsync(() => _duty.Runs == 1, () => "the work");
        await _duty.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task RunAsync_CancelledByItself_EndsTheServiceInsteadOfALoop()
    {
        using var broken = new BrokenDuty(_claims, _time);
        await broken.StartAsync(CancellationToken.None);

        await Eventually.HoldsAsync(() => broken.ExecuteTask!.IsCompleted, "the end");

        Assert.Equal(1, broken.Runs);
    }

    private sealed class BrokenDuty(IClaims claims, TimeProvider time) : DutyService("broken", claims, time)
    {
        public int Runs { get; private set; }

        protected override Task RunAsync(CancellationToken stoppingToken)
        {
            Runs++;
            throw new OperationCanceledException("a timeout of its own");
        }
    }

    private sealed class Duty(IClaims claims, TimeProvider time) : DutyService("work", claims, time)
    {
        private int _runs;
        private int _ends;
        private int _releases;

        public int Runs => Volatile.Read(ref _runs);

        public int Ends => Volatile.Read(ref _ends);

        public int Releases => _releases;

        protected override void OnReleasing() => Interlocked.Increment(ref _releases);

        protected override async Task RunAsync(CancellationToken stoppingToken)
        {
            Interlocked.Increment(ref _runs);
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, Time, stoppingToken);
            }
            finally
            {
                Interlocked.Increment(ref _ends);
            }
        }
    }
}
