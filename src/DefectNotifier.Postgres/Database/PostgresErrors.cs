using System.Net.Sockets;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Sql.Database;
using Npgsql;

namespace DefectNotifier.Postgres.Database;

/// <summary>
/// PostgreSQL's error codes (https://www.postgresql.org/docs/current/errcodes-appendix.html) in words. Messages of the server are not
/// repeated: they may contain names and values.
/// </summary>
internal sealed class PostgresErrors : SqlErrors
{
    public const string Unreachable = "the database can't be reached";

    public static readonly PostgresErrors Instance = new();

    public override string Describe(Exception error) => error switch
    {
        PostgresException { SqlState: var state } => Describe(state),
        OutboxUnavailableException => error.Message,
        { InnerException: TimeoutException } or TimeoutException => "the database does not answer",
        { InnerException: SocketException or IOException } or NpgsqlException => Unreachable,
        _ => "internal error",
    };

    public override bool IsOfStore(Exception error) => error is NpgsqlException or TimeoutException or SocketException or IOException;

    /// <summary>Errors of one statement. After any other the connection is replaced: another server may be the primary now.</summary>
    public override bool LeavesConnectionUsable(Exception error) => error is PostgresException { SqlState: [var first, var second, ..] }
        && (first, second) is ('2', '2') or ('2', '3') or ('5', '4') or ('5', '5');

    // Not after a timeout: another connection would probably wait as long.
    public override bool IsConnectionLost(Exception error) =>
        IsInDoubt(error) && error is not TimeoutException and not { InnerException: TimeoutException };

    public override bool IsInDoubt(Exception error) => error is PostgresException { SqlState: ['5', '7', 'P', ..] or ['0', '8', ..] }
        || (error is not PostgresException && IsOfStore(error));

    private static string Describe(string state) => state switch
    {
        "53100" => "the database's disk is full",
        "53200" => "the database is out of memory",
        "53300" => "the database has too many connections",
        "57P01" or "57P02" => "the database was stopped",
        "57P03" => "the database is starting",
        "57014" => "the database does not answer",
        "25006" => "the database is read-only",
        "3D000" => "the database does not exist",
        "3F000" or "42P01" => "the tables of the outbox are missing",
        "42501" => "the database refuses the permission",
        "55P03" => "the outbox is locked by another connection",
        _ when state.StartsWith("28", StringComparison.Ordinal) => "the database refuses the login",
        _ when state.StartsWith("08", StringComparison.Ordinal) => Unreachable,
        _ when state.StartsWith("XX", StringComparison.Ordinal) => "the database is damaged",
        _ => $"PostgreSQL error {state}",
    };
}
