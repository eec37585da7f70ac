using System.Collections.Concurrent;
using System.Net.Sockets;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>
/// Qase under load: many defects at once, each created, updated and resolved. A webhook is sent again until its response is 202. The next
/// defect begins when the messages of one have arrived, so that the number of pending deliveries is bounded.
/// </summary>
/// <param name="ingresses">The workers, which take turns; a webhook is sent again to the next one.</param>
/// <param name="arrivals">What the chats received.</param>
/// <param name="projects">The projects and the destinations of their events.</param>
/// <param name="defectsAtOnce">How many defects are under way.</param>
internal sealed class DefectTraffic(
    IReadOnlyList<IngressClient> ingresses,
    ArrivalLedger arrivals,
    IReadOnlyList<(string Project, string[] Destinations)> projects,
    int defectsAtOnce)
{
    private static readonly TimeSpan ResendPause = TimeSpan.FromMilliseconds(20);

    /// <summary>A worker that is stopped takes connections and does not answer.</summary>
    private static readonly TimeSpan PostTimeout = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<MessageKey, string> _expected = new();
    private readonly TaskCompletionSource _ending = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _defects = Task.CompletedTask;
    private Task _listening = Task.CompletedTask;
    private int _last;
    private int _lostResponses;
    private int _unanswered;
    private int _turn;

    /// <summary>The messages that follow from everything that was accepted, each with the id of its event.</summary>
    public IReadOnlyDictionary<MessageKey, string> Expected => _expected;

    /// <summary>How many events were stored although their sender got no response.</summary>
    public int LostResponses => _lostResponses;

    /// <summary>How many webhooks were sent again because there was no response in time.</summary>
    public int Unanswered => _unanswered;

    public void Start() =>
        _defects = Task.WhenAll(
            Enumerable.Range(0, defectsAtOnce).Select(_ => Task.Run(SendDefectsAsync, TestContext.Current.CancellationToken)));

    /// <summary>Begins no more defects and waits until all events of those that have begun are accepted.</summary>
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
            var messages = new List<MessageKey>();
            foreach (var name in (string[])["created", "updated", "resolved"])
            {
                var body = Webhooks.Of(name, defect, project);
                var reply = await AcceptedAsync(body);
                if (reply.EventStatus == "duplicate") Interlocked.Increment(ref _lostResponses);
                foreach (var destination in destinations)
                {
                    messages.Add(new MessageKey(destination, defect, name));
                    _expected[messages[^1]] = reply.Id!;
                }

                if (defect % 5 == 0) await IsDuplicateAsync(body, reply.Id!);
            }

            await Task.WhenAny(Task.WhenAll(messages.Select(arrivals.ArrivedAsync)), _ending.Task);
        }
    }

    // Qase may send an accepted webhook again.
    private async Task IsDuplicateAsync(string body, string id)
    {
        var again = await AcceptedAsync(body);
        Assert.Equal(("duplicate", id), (again.EventStatus, again.Id));
    }

    private async Task<WebhookReply> AcceptedAsync(string body)
    {
        while (true)
        {
            try
            {
                var reply = await NextIngress().PostAsync(body).WaitAsync(PostTimeout, TimeProvider.System);
                if (reply.Status == 202) return reply;
                Assert.Equal(503, reply.Status);
            }
            catch (TimeoutException)
            {
                Interlocked.Increment(ref _unanswered);
                continue;
            }
            catch (HttpRequestException)
            {
                // No worker is listening, or the worker ended before its response.
            }

            await ListensAsync();
        }
    }

    private IngressClient NextIngress() => ingresses[(int)((uint)Interlocked.Increment(ref _turn) % ingresses.Count)];

    // One probe serves all senders. Dozens of failing connections would take the CPU time that the next worker needs to start.
    private Task ListensAsync()
    {
        lock (_lock)
            return _listening.IsCompleted ? _listening = ProbeAsync() : _listening;
    }

    private async Task ProbeAsync()
    {
        while (true)
        {
            await Task.Delay(ResendPause, TimeProvider.System, TestContext.Current.CancellationToken);
            try
            {
                using var probe = new TcpClient();
                var address = NextIngress().Address;
                await probe.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
                return;
            }
            catch (SocketException)
            {
                // No worker is listening yet.
            }
        }
    }
}
