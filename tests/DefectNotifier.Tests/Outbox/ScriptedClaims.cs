using System.Collections.Concurrent;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Rules;

namespace DefectNotifier.Tests.Outbox;

/// <summary>Claims that a test can take away, or refuse to grant, like a store that several nodes share.</summary>
/// <param name="inner">Grants the claims; null: claims of duties only.</param>
internal sealed class ScriptedClaims(IClaims? inner = null) : IClaims
{
    private readonly IClaims _inner = inner ?? new SoleClaims(_ => throw new InvalidOperationException("There are no lanes."));
    private readonly ConcurrentDictionary<Claim, Claim> _granted = [];

    /// <summary>While set, claims fail with it.</summary>
    public Exception? Error { get; set; }

    /// <summary>True: no claim is granted.</summary>
    public bool IsHeldBack { get; set; }

    /// <summary>False: a holder is not sure of its claim.</summary>
    public bool MaySend { get; set; } = true;

    /// <summary>What lanes reported to their claims.</summary>
    public ConcurrentQueue<(string Name, SendReason Reason)> Reports { get; } = new();

    public async Task<Claim> ClaimAsync(string name, CancellationToken cancellationToken)
    {
        if (Error is { } error) throw error;
        if (IsHeldBack) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        var claim = await _inner.ClaimAsync(name, cancellationToken);
        var losable = new LosableClaim(claim, () => MaySend, reason => Reports.Enqueue((name, reason)));
        _granted[losable] = claim;
        return losable;
    }

    public async Task ReleaseAsync(Claim claim)
    {
        if (_granted.TryRemove(claim, out var granted)) await _inner.ReleaseAsync(granted);
        ((LosableClaim)claim).Dispose();
    }

    public Roster Roster { get; set; } = Roster.Empty;

    public void Group(IReadOnlyDictionary<string, string> groups) => _inner.Group(groups);

    /// <summary>Takes every claim away: the store refuses it, and its holder learns of it.</summary>
    public async Task LoseAllAsync()
    {
        foreach (var (claim, granted) in _granted)
        {
            await _inner.ReleaseAsync(granted);
            ((LosableClaim)claim).Lose();
        }
    }

    private sealed class LosableClaim(Claim granted, Func<bool> maySend, Action<SendReason> report)
        : Claim(granted.State, granted.Epoch, granted.Interrupted), IDisposable
    {
        private readonly CancellationTokenSource _lost = new();

        public override CancellationToken Lost => _lost.Token;

        public override bool MaySend => maySend();

        public override void Report(SendReason reason) => report(reason);

        public void Lose() => _lost.Cancel();

        public void Dispose() => _lost.Dispose();
    }
}
