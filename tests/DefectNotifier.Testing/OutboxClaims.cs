using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Testing;

/// <summary>
/// Lets a test do a lane's work without a lane: a destination is claimed when a test first works on it, and stays claimed.
/// </summary>
public static class OutboxClaims
{
    private static readonly ConditionalWeakTable<IOutbox, ConcurrentDictionary<string, Task<Claim>>> Claims = [];

    public static Task<Claim> ClaimOfAsync(this IOutbox outbox, string destination) =>
        Claims.GetOrCreateValue(outbox).GetOrAdd(destination.ToUpperInvariant(),
            _ => ((IClaims)outbox).ClaimAsync(destination, CancellationToken.None));

    public static async Task<IReadOnlyList<PendingDelivery>> ReadPendingAsync(
        this IOutbox outbox, string destination, int limit, CancellationToken cancellationToken) =>
        (await outbox.ReadPendingAsync(await outbox.ClaimOfAsync(destination), limit, cancellationToken)).Deliveries;

    public static async Task StartAttemptAsync(
        this IOutbox outbox, PendingDelivery delivery, DateTimeOffset at, SendStep step = SendStep.Message) =>
        await outbox.StartAttemptAsync(await outbox.ClaimOfAsync(delivery.Destination), delivery.Id, at, step);

    public static async Task RecordAsync(this IOutbox outbox, AttemptOutcome outcome) =>
        await outbox.RecordAsync(await outbox.ClaimOfAsync(outcome.Lane.Destination), outcome);

    public static async Task SaveLaneAsync(this IOutbox outbox, LaneState lane) =>
        await outbox.SaveLaneAsync(await outbox.ClaimOfAsync(lane.Destination), lane);

    /// <summary>The saved state of a lane, or a fresh one.</summary>
    public static async Task<LaneState> ReadLaneAsync(
        this IOutboxHistory history, string destination, CancellationToken cancellationToken) =>
        (await history.ReadLanesAsync(cancellationToken))
            .FirstOrDefault(lane => string.Equals(lane.Destination, destination, StringComparison.OrdinalIgnoreCase))
            is { } saved
            ? saved with { Destination = destination }
            : new LaneState(destination);

    /// <summary>Gives up the claim that a test holds.</summary>
    public static async Task ReleaseClaimAsync(this IOutbox outbox, string destination)
    {
        if (Claims.GetOrCreateValue(outbox).TryRemove(destination.ToUpperInvariant(), out var claim))
            await ((IClaims)outbox).ReleaseAsync(await claim);
    }
}
