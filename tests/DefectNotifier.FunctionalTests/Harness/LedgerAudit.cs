namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>Holds what was owed against what arrived.</summary>
/// <param name="owed">What follows from everything that was accepted, with the id of its event.</param>
/// <param name="arrivals">The chat's ledger.</param>
internal sealed class LedgerAudit(IReadOnlyDictionary<OwedMessage, string> owed, IReadOnlyList<Arrival> arrivals)
{
    private readonly List<IGrouping<OwedMessage, Arrival>> _messages = [.. arrivals.GroupBy(arrival => arrival.Message)];

    public int Repeats => arrivals.Count - _messages.Count;

    public void NothingIsLostOrMadeUp()
    {
        Assert.Empty(owed.Keys.Except(_messages.Select(message => message.Key)));
        Assert.Empty(_messages.Select(message => message.Key).Except(owed.Keys));
    }

    /// <summary>A message stands there again only after an attempt that was cut off, and then it says so; where the chat can be asked, never.</summary>
    /// <param name="operations">A worker on the same outbox.</param>
    /// <param name="searchable">The destinations that can be asked whether a message is there.</param>
    public async Task RepeatsAreExplainedAsync(OperationsClient operations, params string[] searchable)
    {
        foreach (var message in _messages.Where(message => message.Count() > 1 || message.Any(arrival => arrival.MayBeRepeat)))
        {
            Assert.DoesNotContain(message.Key.Destination, searchable);
            Assert.True(message.Skip(1).All(arrival => arrival.MayBeRepeat), $"{message.Key} came again without a word");
            var history = await operations.HistoryAsync(owed[message.Key], message.Key.Destination);
            Assert.All(history.SkipLast(1), attempt => Assert.Equal("ambiguous interrupted", attempt));
            Assert.Equal("delivered ok", history[^1]);
            Assert.True(message.Count() <= history.Count, $"{message.Key} arrived {message.Count()} times: {string.Join(", ", history)}");
        }
    }

    /// <summary>A defect's end never overtakes its beginning.</summary>
    public void DefectsAreInOrder()
    {
        foreach (var defect in _messages.GroupBy(message => (message.Key.Destination, message.Key.Defect), message => message.Key.Event))
            Assert.Equal(((string[])["created", "updated", "resolved"]).Intersect(defect), defect);
    }

    /// <summary>A destination gets everything in the order in which it was stored.</summary>
    /// <param name="stored">The outbox, in its order.</param>
    public void DestinationsAreInOrder(IReadOnlyList<OwedMessage> stored)
    {
        var arrived = _messages.Select(message => message.Key).ToLookup(message => message.Destination);
        Assert.All(stored.Where(owed.ContainsKey).ToLookup(message => message.Destination), expected => Assert.Equal(expected, arrived[expected.Key]));
    }
}
