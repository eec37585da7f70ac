namespace DefectNotifier.Outbox;

/// <summary>One attempt as the outbox remembers it; without an end when it is still under way.</summary>
public sealed record StoredAttempt(int Number, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string? Outcome, string? Reason, string? Detail)
{
    /// <summary>The version of the configuration that its message was rendered with; null: nothing was rendered for it, or that is not known.</summary>
    public string? Version { get; init; }

    /// <summary>What it sent besides the event's own message: <c>root</c>, <c>update</c> or <c>reply</c>; null: that message.</summary>
    public string? Step { get; init; }
}
