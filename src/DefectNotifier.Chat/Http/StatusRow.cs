using DefectNotifier.Delivery;

namespace DefectNotifier.Chat.Http;

/// <summary>What a range of HTTP statuses means where the body says nothing that we know.</summary>
internal sealed record StatusRow(int First, int Last, Fate Fate, SendReason Reason)
{
    public StatusRow(int status, Fate fate, SendReason reason)
        : this(status, status, fate, reason)
    {
    }

    /// <summary>For <see cref="Fate.Retry"/>: give up after so many attempts.</summary>
    public int? MaxAttempts { get; init; }
}
