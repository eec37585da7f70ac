using System.Collections.Concurrent;
using System.Net.Sockets;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>
/// Qase in the middle of a busy day: many defects at once, each created, updated and resolved. Whatever gets no 202 is sent again until it does. A defect makes room for the
/// next when its messages have arrived, so that what waits stays within bounds.
/// </summary>
internal sealed class DefectTraffic(IngressClient ingress, ArrivalLedger arrivals, IReadOnlyList<(string Project, string[] Destinations)> projects, int defectsAtOnce)
{
    private static readonly TimeSpan ResendPause = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<OwedMessage, string> _owed = new();
    private readonly TaskCompletionSource _ending = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _defects = Task.CompletedTask;
    private Task _listening = Task.CompletedTask;
    private int _last;
    private int _lostResponses;

    /// <summary>What follows from all that was accepted, with the id of its event.</summary>
    public IReadOnlyDictionary<OwedMessage, string> Owed => _owed;

    /// <summary>How many events had been stored before their sender heard of it.</summary>
    public int LostResponses => _lostResponses;

    public void Start() => _defects = Task.WhenAll(Enumerable.Range(0, defectsAtOnce).Select(_ => Task.Run(SendDefectsAsync, TestContext.Current.CancellationToken)));

    /// <summary>Begins no further defect and waits until all events of the others were accepted.</summary>
    public async Task EndAsync()
    {
        _ending.TrySetResult();
        await _defects.WaitAsync(Eventually.Deadline, TimeProvider.System, TestContext.Current.CancellationToken);
    }

    private async Task SendDefectsAsync()
    {
        while (!_ending.Task.IsCompleted)
        {
            var defect = Interlocked.Increment(ref _last);
            var (project, destinations) = projects[defect % projects.Count];
            var messages = new List<OwedMessage>();
            foreach (var name in (string[])["created", "updated", "resolved"])
            {
                var body = Webhooks.Of(name, defect, project);
                var reply = await AcceptedAsync(body);
                if (reply.Word == "duplicate") Interlocked.Increment(ref _lostResponses);
                foreach (var destination in destinations)
                {
                    messages.Add(new OwedMessage(destination, defect, name));
                    _owed[messages[^1]] = reply.Id!;
                }

                if (defect % 5 == 0) await IsKnownAsync(body, reply.Id!);
            }

            await Task.WhenAny(Task.WhenAll(messages.Select(arrivals.ArrivedAsync)), _ending.Task);
        }
    }

    // Qase may send again what was accepted too.
    private async Task IsKnownAsync(string body, string id)
    {
        var again = await AcceptedAsync(body);
        Assert.Equal(("duplicate", id), (again.Word, again.Id));
    }

    private async Task<WebhookReply> AcceptedAsync(string body)
    {
        while (true)
        {
            try
            {
                var reply = await ingress.PostAsync(body);
                if (reply.Status == 202) return reply;
                Assert.Equal(503, reply.Status);
            }
            catch (HttpRequestException)
            {
                // Nobody listens just now, or the worker ended before its answer.
            }

            await ListensAsync();
        }
    }

    // One looks for all: dozens that fail again and again would take the time that the next worker needs to start.
    private Task ListensAsync()
    {
        lock (_lock)
            return _listening.IsCompleted ? _listening = PreviewAsync() : _listening;
    }

    private async Task PreviewAsync()
    {
        while (true)
        {
            await Task.Delay(ResendPause, TimeProvider.System, TestContext.Current.CancellationToken);
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(ingress.Address.Host, ingress.Address.Port, TestContext.Current.CancellationToken);
                return;
            }
            catch (SocketException)
            {
                // Not yet.
            }
        }
    }
}
