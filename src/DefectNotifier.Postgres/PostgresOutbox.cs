using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Rules;
using DefectNotifier.Postgres.Database;
using DefectNotifier.Postgres.Leases;
using DefectNotifier.Postgres.News;
using DefectNotifier.Postgres.Nodes;
using DefectNotifier.Postgres.Schema;
using DefectNotifier.Postgres.Sessions;
using DefectNotifier.Postgres.Writing;
using DefectNotifier.Sql;
using DefectNotifier.Sql.Reading;
using DefectNotifier.Sql.Writing;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Postgres;

/// <summary>The outbox in a PostgreSQL database that any number of equal nodes share.</summary>
public sealed partial class PostgresOutbox : SqlOutbox
{
    /// <summary>
    /// Less than a commit takes. One node writes at a time, so the others wait for each transaction, however few rows it has.
    /// </summary>
    private static readonly TimeSpan CommitDelay = TimeSpan.FromMilliseconds(1);

    private readonly PostgresDatabase _database;
    private readonly OutboxWriter _writer;
    private readonly OutboxReader _reader;
    private readonly NewsExchange _news;
    private readonly PostgresClaims? _claims;
    private bool _isDisposed;

    private PostgresOutbox(
        PostgresDatabase database,
        OutboxWriter writer,
        OutboxReader reader,
        NewsExchange news,
        PostgresClaims? claims,
        PostgresOutboxOptions options,
        TimeProvider time)
        : base(writer, reader, new SqlOutboxLimits(options.WaitingLimit, options.PageBytes, options.PageRows), time)
    {
        _database = database;
        _writer = writer;
        _reader = reader;
        _news = news;
        _claims = claims;
        Sessions = new PostgresSessions(writer, reader, time);
    }

    public override Roster Roster => _claims?.Roster ?? Roster.Empty;

    public override Task<Roster> ReadRosterAsync(CancellationToken cancellationToken) => _reader.ReadAsync(
        session => RosterReader.Read(session.Statements, _claims?.Heartbeat.Lease.NodeId ?? 0).Roster, cancellationToken);

    /// <summary>The console's sessions, the same for all nodes.</summary>
    public ISessionStore Sessions { get; }

    /// <summary>Opens the outbox as a node, and creates its tables when they are missing. Blocks while it does so.</summary>
    /// <param name="options">Where it is.</param>
    /// <param name="news">Receives what was committed.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    /// <exception cref="OutboxOpenException">It can't be used; the message says why.</exception>
    public static PostgresOutbox Open(
        PostgresOutboxOptions options, IOutboxNews news, TimeProvider time, ILogger<PostgresOutbox> logger) =>
        Open(options, news, time, logger, isNode: true);

    /// <summary>As <see cref="Open(PostgresOutboxOptions, IOutboxNews, TimeProvider, ILogger{PostgresOutbox})"/>, for a command beside the
    /// nodes: it claims nothing.</summary>
    /// <inheritdoc cref="Open(PostgresOutboxOptions, IOutboxNews, TimeProvider, ILogger{PostgresOutbox})"/>
    public static PostgresOutbox OpenForOperator(
        PostgresOutboxOptions options, IOutboxNews news, TimeProvider time, ILogger<PostgresOutbox> logger) =>
        Open(options, news, time, logger, isNode: false);

    public override Task<Claim> ClaimAsync(string name, CancellationToken cancellationToken) => Claims.ClaimAsync(name, cancellationToken);

    public override Task ReleaseAsync(Claim claim) => Claims.ReleaseAsync(claim);

    public override void Group(IReadOnlyDictionary<string, string> groups) => Claims.Group(groups);

    public override Task<bool> ResumeAsync(string destination) => _writer.WriteAsync(rows =>
        OperatorRules.Resume(rows, destination) && ClaimWriter.CountResume(rows, destination));

    /// <summary>Commits the pending writes and gives up all claims. Later calls fail as unavailable.</summary>
    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true)) return;
        if (_claims is not null) await _claims.DisposeAsync();
        await _writer.EndAsync();
        await _news.DisposeAsync();
        await _reader.DisposeAsync();
        _database.Dispose();
    }

    protected override void Verify(Claim claim) => Claims.Verify(claim);

    protected override bool IsClaimed(IOutboxTransaction rows, string destination) => ClaimWriter.IsClaimed(rows, destination);

    // Free space is the database's care; a full disk is an error of the commit.
    protected override ValueTask<string?> FindReasonToRefuseAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<string?>(null);

    private protected override long ReadUsedBytes(ReadSession session) => session.Statements.ReadNumber(BulkSql.UsedBytes);

    private PostgresClaims Claims => _claims ?? throw new InvalidOperationException("A command claims nothing.");

    private static PostgresOutbox Open(
        PostgresOutboxOptions options, IOutboxNews news, TimeProvider time, ILogger<PostgresOutbox> logger, bool isNode)
    {
        var database = new PostgresDatabase(options.ConnectionString, options.Schema);
        try
        {
            using (var connection = database.Connect())
                SchemaMigration.Run(connection, options.Schema, options.Migrate && isNode, database.Name);
            var listener = isNode ? ListenerOf(database, options, logger) : null;
            var exchange = new NewsExchange(database, listener, news, TimeProvider.System, logger);
            var committer = new BatchCommitter(
                new PostgresWriteSession(database),
                () => new PostgresWriteSession(database),
                isGone: () => null,
                PostgresErrors.Instance,
                exchange,
                logger);
            var writer = new OutboxWriter(committer, logger, CommitDelay);
            writer.Start();
            var reader = new OutboxReader(() => new ReadSession(database.NewStatements()), PostgresErrors.Instance);
            PostgresClaims? claims = null;
            if (isNode)
            {
                var node = new NodeIdentity(options.Node, options.Version, options.Configuration, options.Lease);
                claims = new PostgresClaims(database, writer, node, exchange, options.NodeTime, logger);
                exchange.OnClaims = claims.Look;
                exchange.HasOthers = () => claims.HasOthers;
                claims.Start();
            }

            exchange.Start();

            Log.Opened(logger, database.Name);
            return new PostgresOutbox(database, writer, reader, exchange, claims, options, time);
        }
        catch (Exception error)
        {
            database.Dispose();
            if (!PostgresErrors.Instance.IsOfStore(error)) throw;
            throw new OutboxOpenException(
                $"The outbox {database.Name} can't be opened: {PostgresErrors.Instance.Describe(error)}.", error);
        }
    }

    private static NewsListener ListenerOf(PostgresDatabase database, PostgresOutboxOptions options, ILogger logger)
    {
        var address = new PostgresDatabase(
            options.ListenConnectionString ?? options.ConnectionString, options.Schema, isForListening: true);
        return new NewsListener(database, address, TimeProvider.System, logger);
    }

    private static partial class Log
    {
        [LoggerMessage(233, LogLevel.Information, "Outbox {Name} opened")]
        public static partial void Opened(ILogger logger, string name);
    }
}
