using DefectNotifier.Outbox.Contract;
using DefectNotifier.Sqlite;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Hosting;

/// <summary>The outbox that the settings name. The only class of this project that knows which storage engine is used.</summary>
internal sealed class OutboxEngine : IAsyncDisposable
{
    private readonly SqliteOutbox _outbox;

    private OutboxEngine(SqliteOutbox outbox) => _outbox = outbox;

    public IOutbox Outbox => _outbox;

    public IOutboxHistory History => _outbox;

    public IOutboxStatistics Statistics => _outbox;

    public IOutboxView View => _outbox;

    public ISilences Silences => _outbox;

    public IOutboxRetention Retention => _outbox;

    public IEventArchive Archive => _outbox;

    public IEnrichmentStore Enrichment => _outbox;

    public IClaims Claims => _outbox;

    /// <summary>Opens the outbox, and creates it if it does not exist.</summary>
    /// <param name="settings">Contain the path of the outbox.</param>
    /// <param name="news">Receives what was committed.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">The log.</param>
    /// <exception cref="OutboxInUseException">Another process uses it.</exception>
    /// <exception cref="OutboxOpenException">It can't be opened; the message says why.</exception>
    public static OutboxEngine Open(NotifierSettings settings, IOutboxNews news, TimeProvider time, ILoggerFactory loggers)
    {
        var options = new SqliteOutboxOptions { Path = settings.OutboxPath, MinFreeBytes = settings.OutboxMinFreeBytes };
        return new OutboxEngine(SqliteOutbox.Open(options, news, time, loggers.CreateLogger<SqliteOutbox>()));
    }

    /// <summary>True when there is an outbox to open.</summary>
    public static bool Exists(NotifierSettings settings) => File.Exists(settings.OutboxPath);

    /// <summary>True while another process uses the outbox.</summary>
    public static bool IsInUse(NotifierSettings settings) => SqliteEventArchive.IsInUse(settings.OutboxPath);

    /// <summary>What to do about damage.</summary>
    public const string RepairAdvice =
        "Stop the service, keep a copy of the file and of its -wal, and restore a backup, or save what can be read with the command "
        + ".recover of the sqlite3 shell.";

    /// <summary>
    /// The damage in the existing outbox; empty: none; null: the time limit ended the check. Changes nothing, also while another
    /// process uses the outbox.
    /// </summary>
    /// <exception cref="OutboxOpenException">It is no outbox of this version; the message says what it is.</exception>
    public static Task<IReadOnlyList<string>?> CheckAsync(
        NotifierSettings settings, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken) =>
        SqliteOutboxCheck.RunAsync(NameOf(settings), limit, time, cancellationToken);

    /// <summary>What to call the outbox in a message.</summary>
    public static string NameOf(NotifierSettings settings) => Path.GetFullPath(settings.OutboxPath);

    /// <summary>Reads stored events from the file without changing it, also while another process uses the outbox.</summary>
    /// <exception cref="OutboxOpenException">It can't be read; the message says why.</exception>
    public static async Task<T> ReadArchiveAsync<T>(NotifierSettings settings, Func<IEventArchive, Task<T>> work)
    {
        await using var archive = SqliteEventArchive.Open(NameOf(settings));
        return await work(archive);
    }

    /// <summary>Reads the state of the file without changing it, also while another process uses the outbox.</summary>
    /// <exception cref="OutboxOpenException">It can't be read; the message says why.</exception>
    /// <exception cref="OutboxUnavailableException">It can't be read now.</exception>
    public static async Task<T> ReadViewAsync<T>(NotifierSettings settings, Func<IOutboxView, Task<T>> work)
    {
        await using var archive = SqliteEventArchive.Open(NameOf(settings));
        return await work(archive);
    }

    public ValueTask DisposeAsync() => _outbox.DisposeAsync();
}
