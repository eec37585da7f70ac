using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>One connection to /live, read as a browser reads it.</summary>
internal sealed class LiveStream : IAsyncDisposable
{
    private static readonly HttpClient Http =
        new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };

    private readonly HttpResponseMessage _response;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<(string Name, string Data)> _frames = new();
    private readonly Task _reading;

    private LiveStream(HttpResponseMessage response)
    {
        _response = response;
        _reading = response.StatusCode == HttpStatusCode.OK ? ReadAsync() : Task.CompletedTask;
    }

    public HttpResponseMessage Response => _response;

    /// <summary>What the browser sends when it connects again.</summary>
    public string? LastEventId { get; private set; }

    public bool HasEnded => _reading.IsCompleted;

    public IReadOnlyList<string> Names => [.. _frames.Select(frame => frame.Name)];

    /// <summary>The rows of all frames, as they were received.</summary>
    public IReadOnlyList<JsonNode> Rows => [.. DataOf("events").SelectMany(data => data["events"]!.AsArray()).OfType<JsonNode>()];

    /// <summary>The events that were only counted.</summary>
    public long More => DataOf("events").Sum(data => (long)data["more"]!);

    /// <param name="worker">The worker's operations listener.</param>
    /// <param name="lastEventId">From the connection before; null: it is the first one.</param>
    /// <param name="secret">Null: none.</param>
    public static async Task<LiveStream> OpenAsync(OperationsClient worker, string? lastEventId = null, string? secret = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(worker.Address, "/live"));
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
        if (secret is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        var token = TestContext.Current.CancellationToken;
        return new LiveStream(await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token)) { LastEventId = lastEventId };
    }

    public IEnumerable<JsonNode> DataOf(string name) =>
        _frames.Where(frame => frame.Name == name).Select(frame => JsonNode.Parse(frame.Data)!);

    public Task HasAsync(string name) => Eventually.HoldsAsync(() => Names.Contains(name), () => string.Join(' ', Names));

    public Task EndsAsync() => Eventually.HoldsAsync(() => HasEnded, "the end of the stream");

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _reading;
        _response.Dispose();
        _end.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            using var reader = new StreamReader(await _response.Content.ReadAsStreamAsync(_end.Token));
            var (name, data) = ("", "");
            while (await reader.ReadLineAsync(_end.Token) is { } line)
            {
                if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line["event: ".Length..];
                else if (line.StartsWith("id: ", StringComparison.Ordinal)) LastEventId = line["id: ".Length..];
                else if (line.StartsWith("data: ", StringComparison.Ordinal)) data = line["data: ".Length..];
                else if (line.Length == 0)
                {
                    if (name.Length > 0) _frames.Enqueue((name, data));
                    (name, data) = ("", "");
                }
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or HttpRequestException)
        {
            // The test or the worker has closed it.
        }
    }
}
