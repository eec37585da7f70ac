namespace DefectNotifier.Enrichment;

/// <summary>
/// Lets a delivery wait for a result of Qase's API: which accounts respond now, and when the next result is stored. The enricher of this
/// process writes it; without one, no account responds.
/// </summary>
public sealed class EnrichmentProgress
{
    private volatile HashSet<string> _responding = new(StringComparer.Ordinal);
    private TaskCompletionSource _next = NewSource();

    /// <summary>Completes when a result is stored, or another account responds or fails.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>False while the account is not used, fails, is rate limited or rejects its token.</summary>
    public bool IsResponding(QaseAccount account) => _responding.Contains(account.Key);

    internal void Report(IEnumerable<string> responding)
    {
        var keys = responding.ToHashSet(StringComparer.Ordinal);
        if (keys.SetEquals(_responding)) return;
        _responding = keys;
        Advance();
    }

    internal void Advance() => Interlocked.Exchange(ref _next, NewSource()).TrySetResult();

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
