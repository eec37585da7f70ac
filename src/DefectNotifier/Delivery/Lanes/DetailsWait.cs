using DefectNotifier.Delivery.Sending;
using DefectNotifier.Enrichment;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Delivery.Lanes;

/// <summary>
/// Delays a message that can't be changed later while its missing details are requested from Qase's API: until the response, and at most
/// <c>Qase:WaitFor</c> from the arrival of its event. So a backlog, whose events arrived long ago, is never held back.
/// </summary>
internal sealed class DetailsWait(IOutbox outbox, EnrichmentProgress progress, Func<PipelineConfiguration> current, TimeProvider time)
{
    /// <summary>True when the delivery may have to wait now.</summary>
    public bool Applies(PendingDelivery delivery) => LeftFor(delivery) > TimeSpan.Zero;

    /// <summary>Waits.</summary>
    /// <param name="context">The delivery.</param>
    /// <param name="reloadAsync">Reads again what is stored, because something may be known now that was not.</param>
    /// <param name="stopAsked">Ends the wait.</param>
    /// <exception cref="OutboxUnavailableException">The store can't be read now.</exception>
    public async Task WaitAsync(DeliveryContext context, Func<DeliveryContext, Task> reloadAsync, CancellationToken stopAsked)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            // Taken before the store is read, so that no result is missed.
            var next = progress.Next;
            // A changed clock must not make the wait longer.
            var left = Min(LeftFor(context.Delivery), current().Qase.WaitFor - time.GetElapsedTime(start));
            if (left <= TimeSpan.Zero || !await outbox.IsRequestedAsync([.. RequestsOf(context)], CancellationToken.None)) return;
            await NextAsync(next, left, stopAsked);
            // The response may name a member whose name is requested next.
            await reloadAsync(context);
        }
    }

    private TimeSpan LeftFor(PendingDelivery delivery)
    {
        var configuration = current();
        if (configuration.Accounts.For(delivery.Source) is not { } account || !progress.IsResponding(account)) return TimeSpan.Zero;
        return delivery.ReceivedAt + configuration.Qase.WaitFor - time.GetUtcNow();
    }

    private static IEnumerable<EnrichmentRequest> RequestsOf(DeliveryContext context)
    {
        var source = context.Delivery.Source;
        if (context.Delivery.Defect is { } key) yield return EnrichmentRequest.Of(key);
        IEnumerable<long> members = context.Defect?.TeamMembers() ?? [];
        if (context.Event.Event?.TeamMemberId is > 0 and var actor) members = members.Append(actor).Distinct();
        foreach (var member in members) yield return EnrichmentRequest.Name(source, member);
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private async Task NextAsync(Task next, TimeSpan left, CancellationToken stopAsked)
    {
        try
        {
            await next.WaitAsync(left, time, stopAsked);
        }
        catch (TimeoutException)
        {
            // The message is sent with what is known.
        }
    }
}
