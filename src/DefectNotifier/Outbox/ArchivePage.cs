namespace DefectNotifier.Outbox;

/// <summary>Some stored events, newest first.</summary>
/// <param name="Events">The events.</param>
/// <param name="Next">Where the next page begins; null: there is none.</param>
public sealed record ArchivePage(IReadOnlyList<ArchivedEvent> Events, long? Next);
