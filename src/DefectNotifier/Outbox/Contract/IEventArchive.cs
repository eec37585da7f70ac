using DefectNotifier.Routing;

namespace DefectNotifier.Outbox.Contract;

/// <summary>The stored events as received, for commands that process them with another configuration. Read only.</summary>
public interface IEventArchive
{
    /// <summary>
    /// A page, newest first. It may contain fewer events than requested, even none, although there are more: see
    /// <see cref="ArchivePage.Next"/>.
    /// </summary>
    /// <exception cref="OutboxUnavailableException">The store can't be read now.</exception>
    Task<ArchivePage> ReadArchiveAsync(ArchiveQuery query, CancellationToken cancellationToken);
}

/// <summary>Which stored events to read, newest first.</summary>
public sealed record ArchiveQuery
{
    public const int MaxLimit = 500;

    /// <summary>Only events received at this time or later; null: all.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only events before this one: <see cref="ArchivePage.Next"/> of the previous page. Null: from the newest.</summary>
    public long? Before { get; init; }

    /// <summary>The maximum number of events; 1 to 500, default 500. A page of long bodies ends sooner.</summary>
    public int Limit { get; init; } = MaxLimit;
}

/// <summary>Some stored events, newest first.</summary>
/// <param name="Events">The events.</param>
/// <param name="Next">Where the next page starts; null: there is none.</param>
public sealed record ArchivePage(IReadOnlyList<ArchivedEvent> Events, long? Next);

/// <summary>A stored event as it was received, and where it was sent.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Source">The endpoint that received it.</param>
/// <param name="ReceivedAt">When it was received.</param>
/// <param name="Decision">Where it was sent.</param>
/// <param name="Body">The request's body.</param>
public sealed record ArchivedEvent(string Id, string Source, DateTimeOffset ReceivedAt, RoutingDecision Decision, byte[] Body);
