using DefectNotifier.Outbox;

namespace DefectNotifier.Chat.Http;

/// <summary>One row of a answer table: words of a chat that mean the same to us.</summary>
internal sealed record ResponseRow(SendOutcome Outcome, SendReason Reason, params string[] Codes)
{
    /// <summary>What to do about it, for the operator.</summary>
    public string? Advice { get; init; }

    /// <summary>How long to wait where the answer does not ask for longer.</summary>
    public TimeSpan? AtLeast { get; init; }
}
