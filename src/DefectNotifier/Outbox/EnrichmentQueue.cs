namespace DefectNotifier.Outbox;

/// <summary>That something is wanted of one workspace.</summary>
/// <param name="Source">Its endpoint.</param>
/// <param name="DueAt">When the first of it is due.</param>
public sealed record EnrichmentQueue(string Source, DateTimeOffset DueAt);
