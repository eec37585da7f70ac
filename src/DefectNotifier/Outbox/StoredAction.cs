namespace DefectNotifier.Outbox;

/// <summary>An operator's word over a delivery, as the outbox remembers it.</summary>
/// <param name="At">When.</param>
/// <param name="What"><c>retry</c>, <c>retry-as-rendered</c> or <c>discard</c>.</param>
public sealed record StoredAction(DateTimeOffset At, string What);
