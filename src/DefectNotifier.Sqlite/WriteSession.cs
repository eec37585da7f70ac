using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace DefectNotifier.Sqlite;

/// <summary>The one connection that writes, with its prepared statements. Only the writer's thread touches it.</summary>
internal sealed class WriteSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly List<Statement> _statements = [];
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _rollback;

    public WriteSession(SqliteConnection connection)
    {
        _connection = connection;
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _rollback = Prepare("ROLLBACK");
        InsertEvent = Prepare(
            OutboxSql.InsertEvent,
            "$id", "$dedup", "$source", "$name", "$project", "$subject", "$occurred", "$received", "$body", "$decision", "$trace", "$unrouted");
        FindDuplicate = Prepare(OutboxSql.FindDuplicate, "$dedup");
        using (var hashes = new Statement(connection, OutboxSql.FindEventWithHash)) MayKnowHashes = hashes.RunForNumber() is not null;
        InsertDelivery = Prepare(OutboxSql.InsertDelivery, "$event", "$destination", "$route", "$set", "$maxAge", "$fallback", "$announceAt", "$thread", "$broadcast");
        FindNextNumber = Prepare(OutboxSql.FindNextNumber, "$id");
        StartAttempt = Prepare(OutboxSql.StartAttempt, "$id", "$number", "$at", "$step");
        CloseEarlierAttempts = Prepare(OutboxSql.CloseEarlierAttempts, "$id", "$number", "$at", "$outcome", "$reason");
        MarkMayBeRepeat = Prepare(OutboxSql.MarkMayBeRepeat, "$id", "$number");
        MoveDelivery = Prepare(OutboxSql.MoveDelivery, "$id", "$state", "$counts", "$repeat", "$reason", "$detail", "$reference", "$ended", "$fresh", "$done");
        EndAttempt = Prepare(OutboxSql.EndAttempt, "$id", "$at", "$outcome", "$reason", "$detail", "$version");
        InsertEndedAttempt = Prepare(OutboxSql.InsertEndedAttempt, "$id", "$at", "$outcome", "$reason", "$detail", "$version", "$step");
        WithdrawAttempt = Prepare(OutboxSql.WithdrawAttempt, "$id");
        SaveThread = Prepare(
            OutboxSql.SaveThread,
            "$number", "$project", "$source", "$destination", "$place", "$root", "$postedBy", "$shown", "$set", "$locked", "$unthreaded", "$unbroadcast");
        KeepMessage = Prepare(OutboxSql.KeepMessage, "$id", "$json");
        FindDelivery = Prepare(AdminSql.FindDelivery, "$id");
        PutBack = Prepare(AdminSql.PutBack, "$id", "$asRendered");
        Discard = Prepare(AdminSql.Discard, "$id", "$at");
        NoteWord = Prepare(AdminSql.NoteWord, "$id", "$at", "$what");
        SaveLane = Prepare(OutboxSql.SaveLane, "$destination", "$notBefore", "$heldAt", "$holdReason", "$holdCount", "$failures", "$failingSince", "$parkedReason", "$parkedAt", "$parkedSettings");
        SaveRateLimit = Prepare(OutboxSql.SaveRateLimit, "$key", "$revision", "$savedAt", "$hold", "$deficit", "$slowness", "$slowed");
        MarkAnnounced = Prepare(OutboxSql.MarkAnnounced, "$now", "$destination", "$fallback");
        Probe = Prepare(OutboxSql.Probe);
        Prune = new PruneStatements(connection);
        Decisions = new DecisionStatements(connection);
        Defects = new DefectStatements(connection);
        EnrichmentRequests = new EnrichmentStatements(connection);
    }

    public Statement InsertEvent { get; }

    public Statement FindDuplicate { get; }

    /// <summary>True while an event may be there whose dedup key is the hash alone; looked for when the session is opened.</summary>
    public bool MayKnowHashes { get; }

    public Statement InsertDelivery { get; }

    public Statement FindNextNumber { get; }

    public Statement StartAttempt { get; }

    public Statement CloseEarlierAttempts { get; }

    public Statement MarkMayBeRepeat { get; }

    public Statement MoveDelivery { get; }

    public Statement EndAttempt { get; }

    public Statement InsertEndedAttempt { get; }

    public Statement WithdrawAttempt { get; }

    public Statement SaveThread { get; }

    public Statement KeepMessage { get; }

    public Statement FindDelivery { get; }

    public Statement PutBack { get; }

    public Statement Discard { get; }

    public Statement NoteWord { get; }

    public Statement SaveLane { get; }

    public Statement SaveRateLimit { get; }

    public Statement MarkAnnounced { get; }

    public Statement Probe { get; }

    public PruneStatements Prune { get; }

    public DecisionStatements Decisions { get; }

    public DefectStatements Defects { get; }

    public EnrichmentStatements EnrichmentRequests { get; }

    public void Begin() => _begin.Run();

    public void Commit() => _commit.Run();

    /// <summary>Undoes an open transaction. After some errors (disk full, input/output error) SQLite has already done so by itself.</summary>
    public void Rollback()
    {
        EnrichmentRequests.Forget();
        Decisions.Forget();
        if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
            _rollback.Run();
    }

    /// <summary>Moves the log into the database and empties it.</summary>
    public void Checkpoint() => Checkpoint("TRUNCATE");

    /// <summary>Moves what it can of the log into the database; the log keeps its room on the disk and is written anew from its beginning.</summary>
    public void MoveLog() => Checkpoint("PASSIVE");

    /// <summary>Empties the log like <see cref="Checkpoint()"/>, but waits for nobody who still reads: then the log keeps its size.</summary>
    public void CheckpointUnlessBusy(int usualBusyMilliseconds)
    {
        raw.sqlite3_busy_timeout(_connection.Handle, 0);
        try
        {
            Checkpoint();
        }
        finally
        {
            raw.sqlite3_busy_timeout(_connection.Handle, usualBusyMilliseconds);
        }
    }

    public void Dispose()
    {
        _statements.ForEach(statement => statement.Dispose());
        Prune.Dispose();
        Decisions.Dispose();
        Defects.Dispose();
        EnrichmentRequests.Dispose();
        _connection.Dispose();
    }

    private void Checkpoint(string mode)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = $"PRAGMA wal_checkpoint({mode})";
        command.ExecuteNonQuery();
    }

    private Statement Prepare(string sql, params ReadOnlySpan<string> names)
    {
        var statement = new Statement(_connection, sql, names);
        _statements.Add(statement);
        return statement;
    }
}
