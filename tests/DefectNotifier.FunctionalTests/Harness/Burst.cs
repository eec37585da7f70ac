using System.Collections.Concurrent;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>Sends many webhooks at once, possibly to a worker that is killed meanwhile, and records which were accepted.</summary>
internal sealed class Burst
{
    private readonly ConcurrentBag<int> _accepted = [];
    private readonly ConcurrentBag<int> _refused = [];
    private Task _sending = Task.CompletedTask;

    /// <summary>The numbers whose response was 202.</summary>
    public IReadOnlyList<int> Accepted => [.. _accepted.Order()];

    /// <summary>The others: another response, or none.</summary>
    public IReadOnlyList<int> Refused => [.. _refused.Order()];

    /// <summary>Begins to send the defects 1 to <paramref name="count"/>.</summary>
    public static Burst Start(IngressClient ingress, int count)
    {
        var burst = new Burst();
        burst._sending = Parallel.ForEachAsync(
            Enumerable.Range(1, count),
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = TestContext.Current.CancellationToken },
            async (number, _) =>
            {
                var isAccepted = await IsAcceptedAsync(ingress, number);
                (isAccepted ? burst._accepted : burst._refused).Add(number);
            });
        return burst;
    }

    /// <summary>Waits until every request has ended.</summary>
    public Task EndAsync() => _sending;

    private static async Task<bool> IsAcceptedAsync(IngressClient ingress, int number)
    {
        try
        {
            return (await ingress.PostAsync(Webhooks.Created(number))).Status == 202;
        }
        catch (HttpRequestException)
        {
            // The worker is gone, or the connection ended before the response.
            return false;
        }
    }
}
