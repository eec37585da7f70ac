using System.Collections.Concurrent;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>Many webhooks at once, some of which may meet a worker that is gone; remembers which were accepted.</summary>
internal sealed class Burst
{
    private readonly ConcurrentBag<int> _accepted = [];
    private readonly ConcurrentBag<int> _refused = [];
    private Task _sending = Task.CompletedTask;

    /// <summary>The numbers that were answered with 202.</summary>
    public IReadOnlyList<int> Accepted => [.. _accepted.Order()];

    /// <summary>The others: answered otherwise, or not at all.</summary>
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

    /// <summary>Waits until each of them was answered or failed.</summary>
    public Task EndAsync() => _sending;

    private static async Task<bool> IsAcceptedAsync(IngressClient ingress, int number)
    {
        try
        {
            return (await ingress.PostAsync(Webhooks.Created(number))).Status == 202;
        }
        catch (HttpRequestException)
        {
            // Nobody listens any more, or the connection ended before the answer.
            return false;
        }
    }
}
