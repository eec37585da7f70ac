using DefectNotifier.Outbox.Rules;
using DefectNotifier.Postgres.Database;
using DefectNotifier.Postgres.Leases;
using DefectNotifier.Postgres.Schema;
using DefectNotifier.Sql.Reading;
using DefectNotifier.Sql.Writing;
using Npgsql;

namespace DefectNotifier.Postgres.Writing;

/// <summary>
/// The connection that writes. Of all nodes one writes at a time: each transaction begins with the lock of the outbox. So the numbers of
/// events and deliveries grow in the order of the commits, and what a transaction has read stays right until its end.
/// </summary>
internal sealed class PostgresWriteSession : WriteSession
{
    /// <summary>How long to wait for the lock before its holder is looked at.</summary>
    private const int LockMilliseconds = 2000;

    private const int MaxTries = 4;

    private readonly PostgresStatements _statements;
    private readonly PendingRows _pending = new();
    private readonly ReadAhead _known = new();
    private readonly PostgresTransaction _rows;
    private readonly string _begin;
    private readonly string _lock;
    private readonly string _endHolder;
    private Counters _stored = new();

    public PostgresWriteSession(PostgresDatabase database)
    {
        _statements = database.NewStatements();
        _rows = new PostgresTransaction(_statements, _pending, _known);
        var key = $"{PostgresSchema.LockClass}, hashtext('{database.Schema}')";
        _lock = $"SELECT pg_advisory_xact_lock({key}), {BulkSql.SyncCommit}, {BulkSql.ByKeys}";
        _begin = $"SET LOCAL lock_timeout = {LockMilliseconds}";
        // Ends a connection that holds the lock while its client is stopped or cut off.
        _endHolder =
            $"""
            SELECT pg_terminate_backend(a.pid)
            FROM pg_locks AS l JOIN pg_stat_activity AS a ON a.pid = l.pid
            WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2 AND l.classid = {PostgresSchema.LockClass}
                AND l.objid = (hashtext('{database.Schema}')::bigint & 4294967295)::oid
                AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
                AND (a.state LIKE 'idle in transaction%' OR a.wait_event = 'ClientRead')
                AND a.state_change < clock_timestamp() - interval '1 second'
            """;
    }

    public override IOutboxTransaction Rows => _rows;

    public override void Begin(IReadOnlyList<WriteOperation> batch)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                BeginOnce(batch);
                return;
            }
            catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.LockNotAvailable && tries < MaxTries)
            {
                Rollback();
                _statements.Run(_endHolder);
                _statements.Flush();
            }
        }
    }

    public override void Commit()
    {
        _pending.MoveTo(_statements);
        if (_known.Counters is var now && now != _stored)
            _statements.Run(BulkSql.SaveCounters, now.Event, now.Delivery, now.Silence, now.Defect, now.AddedBytes);
        _statements.Run("COMMIT");
        _statements.Flush(isRepeated: true);
    }

    public override void Rollback()
    {
        Clear();
        _statements.Run("ROLLBACK");
        _statements.Flush();
    }

    public override void Dispose() => _statements.Dispose();

    private void Clear()
    {
        _pending.Clear();
        _known.Clear();
        _statements.Forget();
        _rows.News.Clear();
    }

    // Everything in one round trip.
    private void BeginOnce(IReadOnlyList<WriteOperation> batch)
    {
        Clear();
        var events = batch.Where(operation => operation.Event is not null).Select(operation => operation.Event!).ToList();
        var claims = batch.Where(operation => operation.Claim is not null).Select(operation => operation.Claim!.Name).Distinct().ToArray();
        var deliveries = batch.SelectMany(operation => operation.DeliveryIds).Distinct().ToArray();
        var defects = events.Where(one => one.Defect is not null).Select(one => one.Defect!.Value).Distinct().ToArray();

        _statements.Run("BEGIN ISOLATION LEVEL READ COMMITTED");
        _statements.Run(_begin);
        _statements.Run(_lock);
        _statements.Run(BulkSql.Counters);
        if (claims.Length > 0) _statements.Run(ClaimSql.Find, (object)claims);
        if (deliveries.Length > 0) _statements.Run(BulkSql.FindDeliveries, (object)deliveries);
        if (events.Count > 0)
        {
            _known.SilencesAfter = events.Min(one => one.ReceivedAt);
            _statements.Run(BulkSql.FindEvents, (object)events.Select(one => one.DedupKey.ToArray()).ToArray());
            _statements.Run(SilenceSql.CurrentSilences, _known.SilencesAfter);
        }

        if (defects.Length > 0)
        {
            _statements.Run(
                BulkSql.FindDefects,
                Array.ConvertAll(defects, key => key.Id),
                Array.ConvertAll(defects, key => key.ProjectCode),
                Array.ConvertAll(defects, key => key.Source));
        }

        _statements.Run(BulkSql.NewPlans);
        using var reader = _statements.Execute(isRepeated: true);
        // The result of the lock.
        reader.NextResult();
        ReadCounters(new PostgresRows(reader));
        if (claims.Length > 0) ReadClaims(Next(reader), batch);
        if (deliveries.Length > 0) _rows.Learn(Next(reader), deliveries);
        if (events.Count > 0)
        {
            _rows.Learn(Next(reader), events);
            _known.Silences = SilenceReader.ReadAll(Next(reader));
        }

        if (defects.Length > 0) _rows.Learn(Next(reader), defects);
        while (reader.NextResult()) { }
    }

    private static PostgresRows Next(NpgsqlDataReader reader)
    {
        reader.NextResult();
        return new PostgresRows(reader);
    }

    private void ReadCounters(PostgresRows row)
    {
        row.Read();
        _known.Counters = new Counters
        {
            Event = row.GetInt64(0),
            Delivery = row.GetInt64(1),
            Silence = row.GetInt64(2),
            Defect = row.GetInt64(3),
        };
        _stored = _known.Counters with { };
    }

    private static void ReadClaims(PostgresRows row, IReadOnlyList<WriteOperation> batch)
    {
        var held = new Dictionary<string, (long Owner, long Epoch)>(StringComparer.OrdinalIgnoreCase);
        while (row.Read()) held[row.GetString(0)] = (row.GetInt64(1), row.GetInt64(2));
        foreach (var operation in batch)
        {
            if (operation.Claim is not PostgresClaim claim) continue;
            operation.IsRefused = !held.TryGetValue(claim.Name, out var found) || found != (claim.Owner, claim.Epoch);
        }
    }
}
