using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Operations.Status;

namespace DefectNotifier.Worker.Operations.Live;

/// <summary>
/// Sends changes to the open consoles. Everything is read and written as JSON once for all of them, at most once per second, and nothing
/// is read while no console is open.
/// </summary>
/// <param name="history">The store.</param>
/// <param name="readStatus">Reads the status now.</param>
/// <param name="configuration">The configuration now.</param>
/// <param name="json">Writes the data of a frame.</param>
/// <param name="signals">Wakes the hub after commits.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class LiveHub(
    IOutboxHistory history,
    Func<CancellationToken, Task<ServiceStatus>> readStatus,
    Func<ConfigurationReport> configuration,
    ILiveJson json,
    OutboxSignals signals,
    TimeProvider time,
    ILogger<LiveHub> logger)
    : BackgroundService
{
    /// <summary>The maximum number of streams; a further one gets 503. Other requests of operators need connections, too.</summary>
    public const int MaxClients = 64;

    /// <summary>The maximum number of streams of one operator, so that the others get some, too.</summary>
    public const int MaxPerOperator = 16;

    /// <summary>Changes are collected for this time. A round sends at most two frames, apart from reloads.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>What changes without a commit is found after this time.</summary>
    public static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(5);

    /// <summary>After a slow round.</summary>
    private static readonly TimeSpan MaxSlowPause = TimeSpan.FromSeconds(15);

    /// <summary>Counting a very long queue takes long: about a twentieth of the time is spent on reading.</summary>
    private const int PauseFactor = 20;

    private readonly Lock _lock = new();
    private readonly List<LiveClient> _clients = [];
    private readonly List<LiveClient> _joining = [];
    private readonly Signal _joined = new();
    private readonly LiveRows _rows = new(json);

    private byte[] _status = [];
    private byte[] _statusFacts = [];
    private byte[] _configuration = [];
    private bool _isStoreRead;

    /// <summary>Opens a stream; false: there are too many.</summary>
    public bool TryAdd(LiveClient client)
    {
        lock (_lock)
        {
            if (_clients.Count + _joining.Count >= MaxClients) return false;
            var same = _clients.Concat(_joining).Count(other => other.Operator == client.Operator);
            if (client.Operator is not null && same >= MaxPerOperator) return false;
            _joining.Add(client);
        }

        _joined.Set();
        signals.Changed();
        return true;
    }

    public void Remove(LiveClient client)
    {
        lock (_lock)
            if (!_clients.Remove(client)) _joining.Remove(client);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            while (!HasClients()) await _joined.WaitAsync(stoppingToken);
            var begun = time.GetTimestamp();
            try
            {
                await SendAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                // A bug must not end the hub. The clients connect again and get what they have missed.
                Log.Failed(logger, error);
                DisconnectAll();
            }

            var pause = Math.Clamp(PauseFactor * time.GetElapsedTime(begun).Ticks, Pause.Ticks, MaxSlowPause.Ticks);
            await Task.Delay(TimeSpan.FromTicks(pause), time, stoppingToken);
            await signals.Changes.WaitAsync(MaxPause - Pause, time, stoppingToken);
        }
    }

    private bool HasClients()
    {
        lock (_lock) return _clients.Count + _joining.Count > 0;
    }

    private void DisconnectAll()
    {
        List<LiveClient> all;
        lock (_lock)
        {
            all = [.. _clients, .. _joining];
            _clients.Clear();
            _joining.Clear();
        }

        foreach (var client in all) client.Disconnect();
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        List<LiveClient> joining, known;
        lock (_lock)
        {
            (joining, known) = ([.. _joining], [.. _clients]);
            _clients.AddRange(_joining);
            _joining.Clear();
        }

        if (known.Count == 0) Restart();
        // At the same time, each within the limit of a read.
        var read = await Task.WhenAll(ReadStatusAsync(cancellationToken), ReadEventsAsync(cancellationToken));
        byte[]?[] news = [ChangedConfiguration(), .. read];
        foreach (var client in known) Send(client, news);
        // These frames include what the other clients were just sent.
        foreach (var client in joining)
            Send(client, [LiveFrames.Of("status", id: null, _status), _isStoreRead ? _rows.Welcome(client) : null]);
    }

    // No client is left that received the earlier frames.
    private void Restart()
    {
        _rows.Restart();
        _isStoreRead = false;
        _configuration = json.Write(configuration());
    }

    private void Send(LiveClient client, IEnumerable<byte[]?> frames)
    {
        if (frames.OfType<byte[]>().All(client.TrySend)) return;
        Remove(client);
        client.Disconnect();
    }

    /// <returns>The frame; null: nothing but the time has changed.</returns>
    private async Task<byte[]?> ReadStatusAsync(CancellationToken cancellationToken)
    {
        var status = await readStatus(cancellationToken);
        var (before, facts) = (_statusFacts, json.Write(status with { At = default }));
        (_status, _statusFacts) = (json.Write(status), facts);
        return facts.AsSpan().SequenceEqual(before) ? null : LiveFrames.Of("status", id: null, _status);
    }

    /// <returns>The frame; null: nothing has changed, or the store can't be read, which the status says.</returns>
    private async Task<byte[]?> ReadEventsAsync(CancellationToken cancellationToken)
    {
        var wasRead = _isStoreRead;
        try
        {
            var query = new EventSummaryQuery { Limit = LiveRows.Window };
            var page = await ReadLimit.WithinAsync(token => history.ReadSummariesAsync(query, token), time, cancellationToken);
            _isStoreRead = true;
            var frame = _rows.Advance(page.Events);
            return wasRead ? frame : LiveFrames.Of("reset", _rows.Newest, "{}"u8);
        }
        catch (OutboxUnavailableException)
        {
            _isStoreRead = false;
            return null;
        }
    }

    private byte[]? ChangedConfiguration()
    {
        var (before, now) = (_configuration, json.Write(configuration()));
        _configuration = now;
        return now.AsSpan().SequenceEqual(before) ? null : LiveFrames.Of("configuration", id: null, now);
    }

    private static partial class Log
    {
        [LoggerMessage(508, LogLevel.Error, "Unexpected error while reading for the open consoles; they are disconnected")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
