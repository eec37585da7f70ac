namespace DefectNotifier.Outbox;

/// <summary>An operator's word over a delivery, as the outbox remembers it.</summary>
/// <param name="At">When.</param>
/// <param name="What">One of <see cref="OperatorWord"/>.</param>
public sealed record StoredAction(DateTimeOffset At, string What);
