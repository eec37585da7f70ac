using DefectNotifier.Postgres.Database;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace DefectNotifier.Postgres.News;

/// <summary>
/// Waits for notifications, on a connection of its own that is not shared by a pooler. Finds out whether they arrive: some poolers accept
/// LISTEN and then deliver nothing.
/// </summary>
/// <param name="database">The database, to send a trial notification.</param>
/// <param name="address">The address to listen at.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class NewsListener(PostgresDatabase database, PostgresDatabase address, TimeProvider time, ILogger logger)
    : IAsyncDisposable
{
    /// <summary>How long a trial notification may take.</summary>
    private static readonly TimeSpan TrialTime = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private volatile bool _isListening;
    private volatile bool _isDeaf;
    private Task _loop = Task.CompletedTask;

    /// <summary>True when notifications arrive.</summary>
    public bool IsListening => _isListening;

    /// <summary>True when a trial notification did not arrive.</summary>
    public bool IsDeaf => _isDeaf && !_isListening;

    /// <param name="me">Marks the notifications of this node.</param>
    /// <param name="take">Receives the payloads.</param>
    public void Start(string me, Action<string> take) => _loop = Task.Run(() => RunAsync(me, take));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        address.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(string me, Action<string> take)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(me, take);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                _isListening = false;
                if (!PostgresErrors.Instance.IsOfStore(error)) Log.Failed(logger, error);
            }

            // A random delay, so that the nodes do not reconnect at the same moment.
            var pause = Task.Delay(MaxPause * Random.Shared.NextDouble(), time, _stop.Token);
            await pause.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ListenAsync(string me, Action<string> take)
    {
        await using var connection = await address.ConnectAsync(_stop.Token);
        connection.Notification += (_, notification) =>
        {
            _isListening = true;
            take(notification.Payload);
        };
        await using (var listen = new NpgsqlCommand($"LISTEN {address.Channel}", connection))
            await listen.ExecuteNonQueryAsync(_stop.Token);
        await SendTrialAsync(me);
        var begun = time.GetTimestamp();
        while (!_isListening && time.GetElapsedTime(begun) < TrialTime) await connection.WaitAsync(TrialTime, _stop.Token);
        if (!_isListening && !_isDeaf)
        {
            _isDeaf = true;
            Log.Deaf(logger);
        }

        try
        {
            while (true) await connection.WaitAsync(_stop.Token);
        }
        finally
        {
            // It still listens.
            NpgsqlConnection.ClearPool(connection);
        }
    }

    // Not with a connection that blocks: this may run on the thread that polls the sockets.
    private async Task SendTrialAsync(string me)
    {
        await using var connection = await database.ConnectAsync(_stop.Token);
        await using var notify = new NpgsqlCommand("SELECT pg_notify($1, $2)", connection);
        notify.Parameters.Add(PostgresStatements.ParameterOf(database.Channel));
        notify.Parameters.Add(PostgresStatements.ParameterOf(me));
        await notify.ExecuteNonQueryAsync(_stop.Token);
    }

    private static partial class Log
    {
        [LoggerMessage(235, LogLevel.Warning,
            "Notifications of the database do not arrive, perhaps because of a pooler; new deliveries of other nodes are found "
            + "every 250 ms. Set Outbox:ListenConnectionString to an address without a pooler")]
        public static partial void Deaf(ILogger logger);

        [LoggerMessage(236, LogLevel.Error, "Unexpected error while listening to the database")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
