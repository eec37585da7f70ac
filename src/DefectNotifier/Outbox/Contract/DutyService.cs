using Microsoft.Extensions.Hosting;

namespace DefectNotifier.Outbox.Contract;

/// <summary>
/// Background work that only one node does at a time. Waits for the claim on its name, runs until it is stopped or the claim is lost, and
/// then releases the claim.
/// </summary>
/// <param name="name">A word, without <see cref="Claim.DutyPrefix"/>.</param>
/// <param name="claims">Grants the claim.</param>
/// <param name="time">The clock.</param>
public abstract class DutyService(string name, IClaims claims, TimeProvider time) : BackgroundService
{
    /// <summary>How long to wait when the store can't be used.</summary>
    private static readonly TimeSpan ErrorPause = TimeSpan.FromSeconds(1);

    /// <summary>The clock.</summary>
    protected TimeProvider Time { get; } = time;

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunClaimedAsync(stoppingToken);
            }
            catch (OutboxUnavailableException)
            {
                // The checks of the store report the error.
                await Task.Delay(ErrorPause, Time, stoppingToken);
            }
        }
    }

    /// <summary>The work. Ends only when it is cancelled.</summary>
    protected abstract Task RunAsync(CancellationToken stoppingToken);

    /// <summary>Called before the claim is released: another node may do the work next, so what this one reported is discarded.</summary>
    protected virtual void OnReleasing()
    {
    }

    private async Task RunClaimedAsync(CancellationToken stoppingToken)
    {
        var claim = await claims.ClaimAsync(Claim.DutyPrefix + name, stoppingToken);
        try
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, claim.Lost, claim.HandOver);
            await RunAsync(end.Token);
        }
        catch (OperationCanceledException) when (IsTaken(claim) && !stoppingToken.IsCancellationRequested)
        {
            // Another node does the work now. Wait until the name is free.
        }
        finally
        {
            OnReleasing();
            await claims.ReleaseAsync(claim);
        }
    }

    private static bool IsTaken(Claim claim) => claim.Lost.IsCancellationRequested || claim.HandOver.IsCancellationRequested;
}
