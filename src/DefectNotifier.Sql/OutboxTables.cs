using DefectNotifier.Sql.Database;

namespace DefectNotifier.Sql;

/// <summary>All stored rows of an outbox that no other process uses, to be copied into another engine.</summary>
public abstract class OutboxTables : IDisposable
{
    private protected OutboxTables()
    {
    }

    /// <summary>The tables, which have the same columns in every engine.</summary>
    internal static readonly IReadOnlyList<StoredTable> All =
    [
        new("event", "seq"),
        new("delivery", "id"),
        new("attempt", "delivery_id, number"),
        new("digest", "id"),
        new("silence", "id"),
        new("operator_action", "delivery_id, number"),
        new("message", "delivery_id"),
        new("lane", "destination"),
        new("rate_limit", "key"),
        new("defect", "id"),
        new("message_thread", "number, project_code, source, destination"),
        new("enrichment_request", "number, kind, project_code, source"),
        new("member", "number, source"),
        new("clock", "id"),
        new("probe", "id"),
    ];

    /// <summary>What to call the outbox in a message.</summary>
    public abstract string Name { get; }

    /// <summary>What the errors of <see cref="Statements"/> mean.</summary>
    internal abstract SqlErrors Errors { get; }

    /// <summary>Reads one snapshot.</summary>
    internal abstract Statements Statements { get; }

    /// <summary>The last number of a row in the table, also of a deleted row when its number is never used again; 0: none.</summary>
    internal abstract long ReadLastNumber(string table);

    public abstract void Dispose();
}

/// <summary>A table and the columns of its primary key.</summary>
internal sealed record StoredTable(string Name, string Key);
