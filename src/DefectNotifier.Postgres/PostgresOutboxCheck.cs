using DefectNotifier.Outbox.Contract;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Postgres;

/// <summary>Checks whether an outbox in a database can be used. Nothing is changed.</summary>
public static class PostgresOutboxCheck
{
    /// <returns>Empty: it can be used.</returns>
    /// <exception cref="OutboxOpenException">It can't be opened; the message says why.</exception>
    /// <exception cref="OutboxUnavailableException">It can't be used now.</exception>
    public static async Task<IReadOnlyList<string>?> RunAsync(PostgresOutboxOptions options, CancellationToken cancellationToken)
    {
        await using var outbox = PostgresOutbox.OpenForOperator(
            options, new OutboxSignals(), TimeProvider.System, NullLogger<PostgresOutbox>.Instance);
        await outbox.ReadBacklogAsync(cancellationToken);
        await outbox.ReadLanesAsync(cancellationToken);
        return [];
    }
}
