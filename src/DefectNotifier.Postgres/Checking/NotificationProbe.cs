using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres.Database;
using Npgsql;

namespace DefectNotifier.Postgres.Checking;

/// <summary>Whether a notification that is sent to the database arrives where a node would wait for it.</summary>
internal static class NotificationProbe
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <param name="sender">Sends it.</param>
    /// <param name="database">Where it should arrive.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Null: it arrives.</returns>
    public static async Task<OutboxFinding?> RunAsync(
        NpgsqlConnection sender, PostgresDatabase database, CancellationToken cancellationToken)
    {
        var channel = $"{database.Schema}_check_{Random.Shared.Next():x}";
        try
        {
            await using var listener = await database.ConnectAsync(cancellationToken);
            await ExecuteAsync(listener, $"LISTEN {channel}", cancellationToken);
            await ExecuteAsync(sender, $"NOTIFY {channel}", cancellationToken);
            var arrives = await listener.WaitAsync(Limit, cancellationToken);
            // A pooler keeps the connection to the server.
            await ExecuteAsync(listener, $"UNLISTEN {channel}", cancellationToken);
            return arrives ? null : new OutboxFinding(
                OutboxSeverity.Note,
                ServerFindings.ListenConnection,
                $"A notification of the database did not arrive within {Limit.TotalSeconds:0} s: it leads to another database, or a pooler "
                + "(PgBouncer in transaction mode) does not pass notifications on. The nodes look for new deliveries often instead.",
                "Set Outbox:ListenConnectionString to the database without a pooler.");
        }
        catch (Exception error) when (PostgresErrors.Instance.IsOfStore(error))
        {
            return new OutboxFinding(
                OutboxSeverity.Warning,
                ServerFindings.ListenConnection,
                $"The connection for notifications to {database.Name} fails: {PostgresErrors.Instance.Describe(error)}. "
                + "The nodes look for new deliveries often instead.",
                "Correct the address, or remove the setting.");
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
