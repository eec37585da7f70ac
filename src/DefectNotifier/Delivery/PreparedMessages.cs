using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Delivery;

/// <summary>
/// Messages that are made on another thread before their turn comes, several at once: to hand work on, and to look into the outbox, costs as much for one as for all
/// of them. Used by the lane's own loop alone.
/// </summary>
/// <param name="outbox">Knows the defects.</param>
/// <param name="makeAsync">Makes the message of a delivery, with what is known of its defect; null: not looked up yet, or nothing.</param>
internal sealed class PreparedMessages(IOutbox outbox, Func<PendingDelivery, Defect?, Task<RenderedDelivery>> makeAsync)
{
    private const int AtOnce = 4;

    private readonly Dictionary<long, (Task<RenderedDelivery[]> Batch, int Place)> _messages = [];

    /// <summary>Begins to make some of those that come soon, when so many are missing that it is worth while, or when the next one is.</summary>
    public void Begin(IEnumerable<PendingDelivery> coming)
    {
        List<PendingDelivery> soon = [.. coming.Take(2 * AtOnce)];
        PendingDelivery[] missing = [.. soon.Where(delivery => !_messages.ContainsKey(delivery.Id)).Take(AtOnce)];
        if (missing.Length == 0 || (missing.Length < AtOnce && missing[0] != soon[0])) return;
        var batch = Task.Run(() => MakeAsync(missing));
        for (var i = 0; i < missing.Length; i++) _messages.Add(missing[i].Id, (batch, i));
    }

    /// <summary>Takes out the message of a delivery, and waits until it is made; null when it was not begun.</summary>
    /// <exception cref="OutboxUnavailableException">What is remembered of its defect can't be read now.</exception>
    public async Task<RenderedDelivery?> TakeAsync(PendingDelivery delivery) => _messages.Remove(delivery.Id, out var message) ? (await message.Batch)[message.Place] : null;

    /// <summary>Takes out the message of a delivery when it is made already.</summary>
    public RenderedDelivery? TakeMade(PendingDelivery delivery)
    {
        if (!_messages.TryGetValue(delivery.Id, out var message) || !message.Batch.IsCompletedSuccessfully) return null;
        _messages.Remove(delivery.Id);
        return message.Batch.Result[message.Place];
    }

    /// <summary>None of them is needed; waits for what is being made. Never throws.</summary>
    public async Task AbandonAsync()
    {
        foreach (var (batch, _) in _messages.Values) await ((Task)batch).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _messages.Clear();
    }

    // Not cancelled: an attempt may have begun, and the reading is short.
    private async Task<RenderedDelivery[]> MakeAsync(PendingDelivery[] deliveries)
    {
        var defects = await outbox.ReadDefectsAsync([.. deliveries.Select(delivery => delivery.Defect).OfType<DefectKey>()], CancellationToken.None);
        var messages = new RenderedDelivery[deliveries.Length];
        for (var i = 0; i < messages.Length; i++)
            messages[i] = await makeAsync(deliveries[i], deliveries[i].Defect is { } key ? defects.GetValueOrDefault(key) : null);
        return messages;
    }
}
