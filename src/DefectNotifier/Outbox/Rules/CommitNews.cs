using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Outbox.Rules;

/// <summary>What lanes and the enricher must learn of a transaction. The rules collect it; the store reports it after the commit.</summary>
public sealed class CommitNews
{
    private readonly List<(string Destination, int Change)> _pending = [];
    private readonly List<string> _resumed = [];
    private bool _hasRequest;
    private bool _haveDeferralsChanged;

    /// <inheritdoc cref="IOutboxNews.PendingChanged"/>
    internal void AddPending(string destination, int change) => _pending.Add((destination, change));

    /// <inheritdoc cref="IOutboxNews.RequestAdded"/>
    internal void AddRequest() => _hasRequest = true;

    /// <inheritdoc cref="IOutboxNews.Resumed"/>
    internal void AddResumed(string destination) => _resumed.Add(destination);

    /// <inheritdoc cref="IOutboxNews.DeferralsChanged"/>
    internal void AddDeferralsChange() => _haveDeferralsChanged = true;

    /// <summary>Forgets everything: a transaction begins.</summary>
    public void Clear()
    {
        _pending.Clear();
        _resumed.Clear();
        _hasRequest = false;
        _haveDeferralsChanged = false;
    }

    /// <summary>Reports everything, and forgets it.</summary>
    /// <param name="news">Receives it.</param>
    /// <param name="isCertain">
    /// False: it is not known whether the commit succeeded. Then no count changes, but lanes that may have a new delivery are woken.
    /// </param>
    public void Report(IOutboxNews news, bool isCertain)
    {
        foreach (var (destination, change) in _pending)
        {
            if (isCertain || change >= 0) news.PendingChanged(destination, isCertain ? change : 0);
        }

        if (_hasRequest) news.RequestAdded();
        if (_haveDeferralsChanged) news.DeferralsChanged();
        foreach (var destination in _resumed) news.Resumed(destination);
        news.Changed();
        Clear();
    }
}
