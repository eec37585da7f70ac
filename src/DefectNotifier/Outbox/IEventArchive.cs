namespace DefectNotifier.Outbox;

/// <summary>The stored events as they came, for whoever runs them through something else. Only reads.</summary>
public interface IEventArchive
{
    /// <summary>A page, newest first. It may hold fewer events than were asked for, even none, and still say where to go on: see <see cref="ArchivePage.Next"/>.</summary>
    /// <exception cref="OutboxUnavailableException">The store can't do it now.</exception>
    Task<ArchivePage> ReadArchiveAsync(ArchiveQuery query, CancellationToken cancellationToken);
}
