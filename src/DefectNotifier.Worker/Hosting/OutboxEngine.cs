using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Rules;
using DefectNotifier.Postgres;
using DefectNotifier.Postgres.Database;
using DefectNotifier.Sqlite;
using DefectNotifier.Worker.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Worker.Hosting;

/// <summary>The outbox that the settings name. The only class of this project that knows which storage engines there are.</summary>
internal sealed class OutboxEngine : IAsyncDisposable
{
    // What to do about damage.
    private const string RepairAdvice =
        "Stop the service, keep a copy of the file and of its -wal, and restore a backup, or save what can be read with the command "
        + ".recover of the sqlite3 shell.";

    /// <summary>More than the connections of a node, each of which can block one.</summary>
    private const int MinThreads = 16;

    private readonly IAsyncDisposable _store;

    private OutboxEngine(IAsyncDisposable store) => _store = store;

    /// <inheritdoc cref="NameOf"/>
    public required string Name { get; init; }

    public required IOutbox Outbox { get; init; }

    public required IOutboxHistory History { get; init; }

    public required IOutboxView View { get; init; }

    public IOutboxStatistics Statistics => View;

    public required ISilences Silences { get; init; }

    public required IOutboxRetention Retention { get; init; }

    public required IEventArchive Archive { get; init; }

    public required IEnrichmentStore Enrichment { get; init; }

    public required IClaims Claims { get; init; }

    public required ISessionStore Sessions { get; init; }

    /// <summary>Opens the outbox for the service, and creates it if it does not exist.</summary>
    /// <param name="settings">Say where the outbox is.</param>
    /// <param name="news">Receives what was committed.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">The log.</param>
    /// <param name="configuration">The version of the configuration now.</param>
    /// <exception cref="OutboxInUseException">Another process uses it.</exception>
    /// <exception cref="OutboxOpenException">It can't be opened; the message says why.</exception>
    public static OutboxEngine Open(
        NotifierSettings settings, IOutboxNews news, TimeProvider time, ILoggerFactory loggers, Func<string> configuration)
    {
        if (PostgresOf(settings, configuration) is { } postgres)
        {
            KeepThreadsFree();
            return Of(settings, PostgresOutbox.Open(postgres, news, time, loggers.CreateLogger<PostgresOutbox>()));
        }

        var options = new SqliteOutboxOptions { Path = settings.OutboxPath, MinFreeBytes = settings.OutboxMinFreeBytes };
        var sqlite = SqliteOutbox.Open(options, news, time, loggers.CreateLogger<SqliteOutbox>());
        return Of(settings, sqlite, new SoleSessions(time));
    }

    /// <summary>Opens the outbox for a command. Where nodes can share it, they may be working on it meanwhile.</summary>
    /// <inheritdoc cref="Open"/>
    public static OutboxEngine OpenForOperator(NotifierSettings settings, TimeProvider time)
    {
        var (news, logger) = (new OutboxSignals(), NullLogger<PostgresOutbox>.Instance);
        return PostgresOf(settings) is { } postgres
            ? Of(settings, PostgresOutbox.OpenForOperator(postgres, news, time, logger))
            : Open(settings, news, time, NullLoggerFactory.Instance, () => "");
    }

    /// <summary>True when there is an outbox file, or a database is configured, which is not asked.</summary>
    public static bool Exists(NotifierSettings settings) => IsShared(settings) || File.Exists(settings.OutboxPath);

    /// <summary>True when the outbox is in a database that several nodes can use.</summary>
    public static bool IsShared(NotifierSettings settings) => settings.OutboxConnectionString is not null;

    /// <summary>True while another process uses the outbox, so that no other one can open it.</summary>
    public static bool IsInUse(NotifierSettings settings) => !IsShared(settings) && SqliteEventArchive.IsInUse(settings.OutboxPath);

    /// <summary>
    /// Checks the existing file, or the database; null: the time limit ended the check. Changes nothing, also while another process uses
    /// the outbox.
    /// </summary>
    /// <exception cref="OutboxOpenException">It is no outbox of this version, or can't be reached; the message says why.</exception>
    public static async Task<OutboxCheck?> CheckAsync(
        NotifierSettings settings, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        if (PostgresOf(settings) is { } postgres) return await PostgresOutboxCheck.RunAsync(postgres, time, cancellationToken);
        var path = NameOf(settings);
        return await SqliteOutboxCheck.RunAsync(path, limit, time, cancellationToken) switch
        {
            null => null,
            [] => new OutboxCheck(CanBeRead: true, []),
            var errors => new OutboxCheck(
                CanBeRead: false,
                [
                    new OutboxFinding(OutboxSeverity.Error, SettingOf(settings), $"The outbox {path} is damaged.", RepairAdvice)
                    {
                        Details = errors,
                    },
                ]),
        };
    }

    /// <summary>The sentence for an outbox in which a check has found no error.</summary>
    public static string SoundTextOf(NotifierSettings settings) =>
        IsShared(settings) ? $"The outbox {NameOf(settings)} can be used." : $"No damage found in the outbox {NameOf(settings)}.";

    /// <summary>Moves an outbox file into the empty database that the settings name, and renames the file.</summary>
    /// <param name="settings">Name a database.</param>
    /// <param name="file">The file.</param>
    /// <param name="isDryRun">True: everything is undone at the end.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops it; nothing is moved then.</param>
    /// <exception cref="OutboxInUseException">A service uses the file.</exception>
    /// <exception cref="OutboxOpenException">It is not possible; the message says why.</exception>
    /// <returns>The full path of the file, its new path, and the number of rows by table.</returns>
    public static (string From, string To, IReadOnlyList<(string Table, long Rows)> Moved) Move(
        NotifierSettings settings, string file, bool isDryRun, TimeProvider time, CancellationToken cancellationToken)
    {
        using var tables = SqliteOutboxFile.Open(file, time);
        var moved = PostgresMove.Run(tables, PostgresOf(settings)!, isDryRun, cancellationToken);
        var renamed = isDryRun ? tables.Name + SqliteOutboxFile.Suffix : tables.Rename();
        return (tables.Name, renamed, [.. moved.Select(table => (table.Name, table.Rows))]);
    }

    /// <summary>The version of the tables in a database that this program needs.</summary>
    public static int SchemaVersion => PostgresSchemaScript.Version;

    /// <summary>The SQL that brings the tables in a database from a version to that of this program; 0: there are none.</summary>
    public static string SchemaSqlOf(NotifierSettings settings, int from) => PostgresSchemaScript.Of(from, settings.OutboxSchema);

    /// <summary>What to call the outbox in a message: the full path of the file, or where the database is. Contains no secret.</summary>
    public static string NameOf(NotifierSettings settings) => settings.OutboxConnectionString is { } connection
        ? PostgresAddress.Read(connection.Reveal()).Address?.NameIn(settings.OutboxSchema) ?? $"that {SettingOf(settings)} names"
        : Path.GetFullPath(settings.OutboxPath);

    /// <summary>The path of the setting that says where the outbox is.</summary>
    public static string SettingOf(NotifierSettings settings) =>
        settings.OutboxConnectionString is null ? "Outbox:Path" : "Outbox:ConnectionString";

    /// <summary>
    /// What is wrong with the text of a connection string, to be put after the setting's name; null: nothing. Names keywords, never their
    /// values.
    /// </summary>
    public static string? ProblemOf(string connectionString) => PostgresAddress.Read(connectionString).Problem;

    /// <summary>Reads stored events from the outbox without changing it, also while another process uses it.</summary>
    /// <exception cref="OutboxOpenException">It can't be read; the message says why.</exception>
    public static async Task<T> ReadArchiveAsync<T>(NotifierSettings settings, Func<IEventArchive, Task<T>> work)
    {
        if (IsShared(settings))
        {
            await using var engine = OpenForOperator(settings, TimeProvider.System);
            return await work(engine.Archive);
        }

        await using var archive = SqliteEventArchive.Open(NameOf(settings));
        return await work(archive);
    }

    /// <summary>Reads the state of the outbox without changing it, also while another process uses it.</summary>
    /// <exception cref="OutboxOpenException">It can't be read; the message says why.</exception>
    /// <exception cref="OutboxUnavailableException">It can't be read now.</exception>
    public static async Task<T> ReadViewAsync<T>(NotifierSettings settings, Func<IOutboxView, Task<T>> work)
    {
        if (IsShared(settings))
        {
            await using var engine = OpenForOperator(settings, TimeProvider.System);
            return await work(engine.View);
        }

        await using var archive = SqliteEventArchive.Open(NameOf(settings));
        return await work(archive);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    // A database that does not respond blocks the threads that read it. The pool adds only two threads per second, so liveness checks and
    // webhooks would wait: 3.4 s with 2 cores. Qase's timeout is 15 s.
    private static void KeepThreadsFree()
    {
        ThreadPool.GetMinThreads(out var workers, out var ports);
        ThreadPool.SetMinThreads(Math.Max(workers, MinThreads), ports);
    }

    private static PostgresOutboxOptions? PostgresOf(
        NotifierSettings settings, Func<string>? configuration = null) => settings.OutboxConnectionString is { } address
        ? new PostgresOutboxOptions
        {
            ConnectionString = address.Reveal(),
            ListenConnectionString = settings.OutboxListenConnectionString?.Reveal(),
            Schema = settings.OutboxSchema,
            Lease = settings.OutboxLease,
            Node = settings.OutboxNode,
            Version = typeof(OutboxEngine).Assembly.GetName().Version?.ToString(3) ?? "",
            Configuration = configuration ?? (() => ""),
            Migrate = settings.OutboxMigrate,
        }
        : null;

    private static OutboxEngine Of(NotifierSettings settings, PostgresOutbox store) => Of(settings, store, store.Sessions);

    private static OutboxEngine Of<T>(NotifierSettings settings, T store, ISessionStore sessions)
        where T : IOutbox, IOutboxHistory, IOutboxView, ISilences, IOutboxRetention, IEventArchive, IEnrichmentStore, IClaims,
        IAsyncDisposable => new(store)
        {
            Name = NameOf(settings),
            Outbox = store,
            History = store,
            View = store,
            Silences = store,
            Retention = store,
            Archive = store,
            Enrichment = store,
            Claims = store,
            Sessions = sessions,
        };
}
