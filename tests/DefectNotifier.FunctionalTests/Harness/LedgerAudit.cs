namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>Compares the messages that should have arrived with those that did.</summary>
/// <param name="expected">The messages that follow from everything that was accepted, each with the id of its event.</param>
/// <param name="arrivals">The messages that the chats received.</param>
internal sealed class LedgerAudit(IReadOnlyDictionary<MessageKey, string> expected, IReadOnlyList<Arrival> arrivals)
{
    private readonly List<IGrouping<MessageKey, Arrival>> _messages = [.. arrivals.GroupBy(arrival => arrival.Message)];

    public int Repeats => arrivals.Count - _messages.Count;

    public void NothingIsLostOrInvented()
    {
        Assert.Empty(expected.Keys.Except(_messages.Select(message => message.Key)));
        Assert.Empty(_messages.Select(message => message.Key).Except(expected.Keys));
    }

    /// <summary>
    /// A message arrives again only after an attempt that was interrupted, and then says so. Where the chat can be searched, it never does.
    /// </summary>
    /// <param name="operations">A worker on the same outbox.</param>
    /// <param name="searchable">The destinations whose chat can be searched for a message.</param>
    public async Task RepeatsAreExplainedAsync(OperationsClient operations, params string[] searchable)
    {
        foreach (var message in _messages.Where(message => message.Count() > 1 || message.Any(arrival => arrival.MayBeRepeat)))
        {
            Assert.DoesNotContain(message.Key.Destination, searchable);
            Assert.True(message.Skip(1).All(arrival => arrival.MayBeRepeat), $"{message.Key} arrived again and did not say so");
            // An attempt that found no connection sent nothing.
            var history = (await operations.HistoryAsync(expected[message.Key], message.Key.Destination))
                .Where(attempt => attempt != "retry connect-failed").ToList();
            Assert.All(history.SkipLast(1), attempt => Assert.Equal("ambiguous interrupted", attempt));
            Assert.Equal("delivered ok", history[^1]);
            Assert.True(
                message.Count() <= history.Count, $"{message.Key} arrived {message.Count()} times: {string.Join(", ", history)}");
        }
    }

    /// <summary>The events of a defect arrive in their order.</summary>
    public void DefectsAreInOrder()
    {
        foreach (var defect in _messages.GroupBy(message => (message.Key.Destination, message.Key.Defect), message => message.Key.Event))
            Assert.Equal(((string[])["created", "updated", "resolved"]).Intersect(defect), defect);
    }

    /// <summary>A destination receives everything in the order in which it was stored.</summary>
    /// <param name="stored">The messages of the outbox, in its order.</param>
    public void DestinationsAreInOrder(IReadOnlyList<MessageKey> stored)
    {
        var arrived = _messages.Select(message => message.Key).ToLookup(message => message.Destination);
        Assert.All(
            stored.Where(expected.ContainsKey).ToLookup(message => message.Destination),
            destination => Assert.Equal(destination, arrived[destination.Key]));
    }
}
