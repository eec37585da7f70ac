using DefectNotifier.Outbox;

namespace DefectNotifier.Chat.Http;

/// <summary>What a range of HTTP statuses means where the body says nothing that we know.</summary>
internal sealed record StatusRow(int First, int Last, SendOutcome Outcome, SendReason Reason)
{
    public StatusRow(int status, SendOutcome outcome, SendReason reason)
        : this(status, status, outcome, reason)
    {
    }

    /// <summary>For <see cref="SendOutcome.Retry"/>: give up after so many attempts.</summary>
    public int? MaxAttempts { get; init; }
}
