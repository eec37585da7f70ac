using Microsoft.Data.Sqlite;

namespace DefectNotifier.Benchmarks.Limits;

/// <summary>One SQLite table with WAL and a sync per commit. One thread writes everything that waits in one commit.</summary>
internal sealed class GroupCommit
{
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _woken = new(initialState: false);
    private readonly SqliteConnection _connection;
    private List<Write> _waiting = [];

    public GroupCommit(string file)
    {
        _connection = new SqliteConnection($"Data Source={file};Pooling=False");
        _connection.Open();
        Command("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL").ExecuteNonQuery();
        Command("CREATE TABLE event (id INTEGER PRIMARY KEY, body BLOB NOT NULL, done INTEGER NOT NULL)").ExecuteNonQuery();
        new Thread(Run) { IsBackground = true }.Start();
    }

    /// <summary>Completes with the row's id when the commit is on disk.</summary>
    public Task<long> AppendAsync(byte[] body)
    {
        var write = new Write(body, Id: 0, new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
        Add(write);
        return write.End!.Task;
    }

    /// <summary>Marks a row as done, without waiting for the commit.</summary>
    public void Complete(long id) => Add(new Write(Body: null, id, End: null));

    private void Add(Write write)
    {
        lock (_gate) _waiting.Add(write);
        _woken.Set();
    }

    private void Run()
    {
        using var begin = Command("BEGIN IMMEDIATE");
        using var commit = Command("COMMIT");
        using var insert = Command("INSERT INTO event (body, done) VALUES ($body, 0) RETURNING id", "$body");
        using var complete = Command("UPDATE event SET done = 1 WHERE id = $id", "$id");
        var batch = new List<Write>();
        var ids = new List<long>();
        while (true)
        {
            lock (_gate) (batch, _waiting) = (_waiting, batch);
            if (batch.Count == 0)
            {
                _woken.WaitOne();
                continue;
            }

            begin.ExecuteNonQuery();
            foreach (var write in batch)
            {
                var statement = write.Body is null ? complete : insert;
                statement.Parameters[0].Value = (object?)write.Body ?? write.Id;
                ids.Add(write.Body is null ? statement.ExecuteNonQuery() : (long)statement.ExecuteScalar()!);
            }

            commit.ExecuteNonQuery();
            for (var i = 0; i < batch.Count; i++) batch[i].End?.SetResult(ids[i]);
            batch.Clear();
            ids.Clear();
        }
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<string> names)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in names) command.Parameters.Add(new SqliteParameter { ParameterName = name });
        return command;
    }

    private sealed record Write(byte[]? Body, long Id, TaskCompletionSource<long>? End);
}
