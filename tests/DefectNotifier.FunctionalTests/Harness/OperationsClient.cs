using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>An operator's requests to a worker.</summary>
internal sealed class OperationsClient(Uri address)
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });

    public Uri Address => address;

    /// <summary>Sent with each GET; null for none.</summary>
    public string? Secret { get; init; }

    public async Task<(int Status, string Body)> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, path));
        if (Secret is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Secret);
        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Sends any request; the response is read as that to a webhook.</summary>
    /// <param name="method">GET, POST, ...</param>
    /// <param name="path">With its query.</param>
    /// <param name="body">JSON; null for none.</param>
    /// <param name="headers">Further headers.</param>
    public async Task<WebhookReply> SendAsync(string method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(address, path));
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return await IngressClient.SendAsync(request);
    }

    public Task<WebhookReply> PostAsync(string path, string? body = null) => SendAsync("POST", path, body);

    public async Task<JsonNode> JsonAsync(string path) => JsonNode.Parse((await GetAsync(path)).Body)!;

    /// <summary>The lane's entry in /health/ready.</summary>
    public async Task<JsonNode> LaneAsync(string destination) =>
        (await JsonAsync("/health/ready"))["lanes"]!.AsArray().Single(lane => (string?)lane!["destination"] == destination)!;

    public async Task LaneIsAsync(string destination, string state, string? reason = null)
    {
        JsonNode? lane = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                lane = await LaneAsync(destination);
                return (string?)lane["state"] == state && (reason is null || (string?)lane["reason"] == reason);
            },
            () => $"Lane {destination} is {lane}");
    }

    /// <summary>Waits until no delivery is pending, or none to this destination.</summary>
    public async Task DrainedAsync(string? destination = null)
    {
        var ready = "";
        await Eventually.HoldsAsync(
            async () =>
            {
                ready = (await GetAsync("/health/ready")).Body;
                return JsonNode.Parse(ready)!["lanes"]!.AsArray()
                    .Where(lane => destination is null || (string?)lane!["destination"] == destination)
                    .All(lane => (long)lane!["waiting"]! == 0);
            },
            () => ready);
    }

    /// <summary>The first page of the list of events.</summary>
    public async Task<JsonArray> EventsAsync(string query = "") => (await JsonAsync("/events?" + query))["events"]!.AsArray();

    /// <summary>The delivery of an event to a destination.</summary>
    public async Task<JsonNode> DeliveryAsync(string eventId, string destination) =>
        (await JsonAsync("/events/" + eventId))["deliveries"]!.AsArray()
            .Single(delivery => (string?)delivery!["destination"] == destination)!;

    /// <summary>Waits until the delivery of an event to a destination is in a state.</summary>
    public Task DeliveryIsAsync(string eventId, string destination, string state, Func<string> details) => Eventually.HoldsAsync(
        async () => (string?)(await DeliveryAsync(eventId, destination))["state"] == state,
        () => $"The delivery of event {eventId} to {destination} is not {state}: {details()}");

    /// <summary>Outcome and reason of each attempt at a delivery, in order.</summary>
    public async Task<IReadOnlyList<string>> HistoryAsync(string eventId, string destination) =>
        HistoryOf(await DeliveryAsync(eventId, destination));

    /// <summary>The same of a delivery that was read before.</summary>
    public static IReadOnlyList<string> HistoryOf(JsonNode delivery) =>
        [.. delivery["history"]!.AsArray().Select(attempt => $"{attempt!["outcome"]} {attempt["reason"]}")];

    /// <summary>The sum of the samples with this name and all these labels; 0 when there is none.</summary>
    public async Task<double> MetricAsync(string name, params string[] labels)
    {
        var (_, text) = await GetAsync("/metrics");
        return text.Split('\n')
            .Where(line => line.StartsWith(name + "{", StringComparison.Ordinal))
            .Where(line => labels.All(label => line.Contains(label, StringComparison.Ordinal)))
            .Select(line => line[(line.IndexOf('}', StringComparison.Ordinal) + 1)..].Trim().Split(' ')[0])
            .Sum(value => double.Parse(value, CultureInfo.InvariantCulture));
    }
}
