using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres.Checking;
using DefectNotifier.Postgres.Database;
using DefectNotifier.Postgres.Schema;
using Npgsql;

namespace DefectNotifier.Postgres;

/// <summary>Asks a database whether an outbox in it can be used, and whether it keeps what was accepted. Nothing is changed.</summary>
public static class PostgresOutboxCheck
{
    /// <param name="options">Where it is.</param>
    /// <param name="time">The clock of this machine.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    /// <exception cref="OutboxOpenException">The database does not answer; the message says why.</exception>
    public static async Task<OutboxCheck> RunAsync(PostgresOutboxOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        using var database = new PostgresDatabase(options.ConnectionString, options.Schema);
        try
        {
            await using var connection = database.Connect();
            if (ServerFindings.OfVersion(connection.PostgreSqlVersion) is { } old) return new OutboxCheck(CanBeRead: false, [old]);
            var ahead = await ReadAheadAsync(connection, time, cancellationToken);
            var facts = ServerFacts.Read(connection, options.Schema) with { Ahead = ahead };
            // Without these rights the version may be unreadable.
            if (facts is { MayUseSchema: true, MayWrite: true })
                facts = facts with { Tables = SchemaMigration.ReadVersion(connection, options.Schema) };
            var findings = ServerFindings.Of(facts, options.Schema, options.Migrate).ToList();
            using var listening = new PostgresDatabase(
                options.ListenConnectionString ?? options.ConnectionString, options.Schema, isForListening: true);
            // A standby takes no notification.
            if (!facts.IsReadOnly && await NotificationProbe.RunAsync(connection, listening, cancellationToken) is { } silent)
                findings.Add(silent);
            var (present, least) = facts.Tables;
            return new OutboxCheck(present >= PostgresSchema.Version && least <= PostgresSchema.Version && facts.MayWrite, findings);
        }
        catch (Exception error) when (PostgresErrors.Instance.IsOfStore(error))
        {
            throw new OutboxOpenException($"The outbox {database.Name} can't be opened: {PostgresErrors.Instance.Describe(error)}.", error);
        }
    }

    // The server's time lies between sending and receiving; only a difference outside of that interval counts.
    private static async Task<TimeSpan> ReadAheadAsync(NpgsqlConnection connection, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint", connection);
        var before = time.GetUtcNow();
        var server = DateTimeOffset.FromUnixTimeMilliseconds((long)(await command.ExecuteScalarAsync(cancellationToken))!);
        var after = time.GetUtcNow();
        return before > server ? before - server : after < server ? after - server : TimeSpan.Zero;
    }
}
