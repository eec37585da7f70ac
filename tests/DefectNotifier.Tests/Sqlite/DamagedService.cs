using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Delivery;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Tests.Sqlite;

/// <summary>Intake and lanes over a damaged copy of an outbox. Five events are posted to it.</summary>
internal sealed class DamagedService : IAsyncDisposable
{
    private const int Posted = 5;
    private const int FirstDefect = 1000;

    /// <summary>So many checks in a row must say the same, with lanes that try again between them.</summary>
    private const int StableChecks = 8;

    private readonly TemporaryDatabase _database = new();
    private readonly LaneWorld _world = new();
    private readonly ScriptedLifetime _lifetime = new();
    private StoreWatch? _watch;
    private string _details = "";

    public DamagedService(string template, int page, int offset, byte value)
    {
        File.Copy(template, _database.Path);
        DamagedOutbox.Overwrite(_database.Path, page, offset, value);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>At the first check, before any event was posted.</summary>
    public bool WasReadyAtFirst { get; private set; }

    /// <summary>In the end. A service that has not started is not ready.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Everything was accepted and sent, and that is recorded.</summary>
    public bool IsDelivered { get; private set; }

    /// <summary>Starts the service, posts the events, and waits until they are delivered or the service is not ready for good.</summary>
    public async Task RunAsync()
    {
        try
        {
            await RunStartedAsync();
        }
        catch (Exception error) when (error is OutboxOpenException or OutboxUnavailableException)
        {
            _details = $"not started: {error.Message}";
        }
    }

    public override string ToString() =>
        $"ready at first: {WasReadyAtFirst}, ready: {IsReady}, sent: {_world.Sender.Sent.Count}, {_details}";

    public async ValueTask DisposeAsync()
    {
        _watch?.Dispose();
        _world.Dispose();
        _lifetime.Dispose();
        await _database.DisposeAsync();
    }

    private async Task RunStartedAsync()
    {
        var outbox = _database.Open(news: _world.Signals);
        using var host = new LaneHost(
            (destination, _) => _world.NewLane(destination: destination, outbox: outbox), () => _world.Configuration, _world.RateLimiters,
            outbox, outbox, _world.Signals, _lifetime, _world.Time, NullLogger<LaneHost>.Instance);
        _watch = new StoreWatch(outbox, outbox, host, new DestinationActivities(), _world.Health, _world.Metrics, _world.Time);
        await host.StartAsync(Token);
        _lifetime.Start();

        await _watch.CheckAsync(TimeSpan.Zero, Token);
        WasReadyAtFirst = _watch.IsReady;
        for (var id = 1; id <= Posted; id++) await _world.AcceptAsync(FirstDefect + id, _world.IntakeInto(outbox), Token);
        await SettleAsync(_watch);

        _details = string.Join("; ", _world.Health.Problems);
        _lifetime.StopApplication();
        var stopping = host.StopAsync(Token);
        // A lane that can't record an outcome tries until its time is up.
        await Eventually.HoldsAsync(
            () =>
            {
                _world.Time.Advance(Lane.ErrorPause);
                return stopping.IsCompleted;
            },
            "the end of the lanes");
    }

    // A page that is written again is whole again, so a service may recover.
    private async Task SettleAsync(StoreWatch watch)
    {
        var checks = 0;
        await Eventually.HoldsAsync(
            async () =>
            {
                await watch.CheckAsync(TimeSpan.Zero, Token);
                IsReady = watch.IsReady;
                IsDelivered = _world.Sender.Sent.Count == Posted && watch.Backlog?.Count == 0;
                checks = IsReady ? 0 : checks + 1;
                if (IsDelivered || checks == StableChecks) return true;
                _world.Time.Advance(Lane.ErrorPause);
                return false;
            },
            ToString);
    }
}
