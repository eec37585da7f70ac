using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;

namespace DefectNotifier.Outbox.Rules;

/// <summary>
/// Where a defect was announced: for each destination, how many of its deliveries post something and are pending, held or delivered. Dead
/// and discarded ones do not count, until they are retried. Stored with the defect, which is kept longer than its deliveries.
/// </summary>
/// <param name="Counts">By destination, in the spelling of its first delivery; only those above 0.</param>
public sealed record Announcements(IReadOnlyDictionary<string, int> Counts)
{
    public static Announcements None { get; } = new(new Dictionary<string, int>());

    public IReadOnlyList<string> Destinations => [.. Counts.Keys.Order(StringComparer.Ordinal)];

    /// <summary>With new deliveries.</summary>
    internal Announcements With(IEnumerable<PlannedDelivery> planned)
    {
        var after = this;
        foreach (var delivery in planned)
            if (Posts(delivery.Kind) && delivery.Deferral is not { IsDiscarded: true }) after = after.Change(delivery.Destination, 1);
        return after;
    }

    /// <summary>Changes the defect of a delivery whose state changes.</summary>
    internal static void Move(IOutboxTransaction transaction, DeliveryRow before, DeliveryState after)
    {
        var change = (Counts(after) ? 1 : 0) - (Counts(before.State) ? 1 : 0);
        if (change == 0 || transaction.FindSubject(before.Id) is not { Defect: { } key, Kind: var kind } || !Posts(kind)) return;
        // A defect that was purged has no messages to follow.
        if (transaction.FindDefect(key) is not { } row) return;
        transaction.UpdateDefect(key, row with { Announced = row.Announced.Change(before.Destination, change) }, isOpeningNew: false);

        static bool Counts(DeliveryState state) => state is DeliveryState.Pending or DeliveryState.Held or DeliveryState.Delivered
            or DeliveryState.Digested or DeliveryState.Deferred;
    }

    private Announcements Change(string destination, int change)
    {
        var counts = new Dictionary<string, int>(Counts, StringComparer.OrdinalIgnoreCase);
        var count = counts.GetValueOrDefault(destination) + change;
        if (count > 0) counts[destination] = count;
        else counts.Remove(destination);
        return new Announcements(counts);
    }

    private static bool Posts(DeliveryKind kind) => kind != DeliveryKind.Refresh;
}
