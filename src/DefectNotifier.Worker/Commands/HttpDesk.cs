using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DefectNotifier.Delivery;
using DefectNotifier.Outbox;
using DefectNotifier.Worker.Operations;

namespace DefectNotifier.Worker.Commands;

/// <summary>Asks the running service.</summary>
/// <param name="client">With the service's address and, where it wants one, its secret.</param>
internal sealed class HttpDesk(HttpClient client) : IDesk, IEventArchive
{
    private static OperationsJson Json => OperationsJson.Readable;

    /// <summary>False when nobody listens there. Whoever answers with something else than the service does is told of.</summary>
    public async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await client.GetAsync("/health/live", cancellationToken);
            if (answer.IsSuccessStatusCode && await answer.Content.ReadAsStringAsync(cancellationToken) == OperationsEndpoints.LiveAnswer) return true;
            throw Stranger((int)answer.StatusCode);
        }
        catch (HttpRequestException fault) when (fault.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
        {
            return false;
        }
    }

    public Task<DeskAnswer<DeliveryPage>> ListAsync(DeliveryQuery query, CancellationToken cancellationToken) => GetAsync("/deliveries" + QueryOf(query), Json.DeliveryPage, cancellationToken);

    public Task<DeskAnswer<DeliveryStory>> FindAsync(long deliveryId, CancellationToken cancellationToken) => GetAsync(PathOf(deliveryId), Json.DeliveryStory, cancellationToken);

    public async Task<DeskAnswer<byte[]>> ReadMessageAsync(long deliveryId, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, PathOf(deliveryId) + "/message");
        return await SendAsync(request, async answer => await answer.Content.ReadAsByteArrayAsync(cancellationToken), cancellationToken);
    }

    public Task<DeskAnswer<StoredEvent>> FindEventAsync(string eventId, CancellationToken cancellationToken) =>
        GetAsync("/events/" + Uri.EscapeDataString(eventId), Json.StoredEvent, cancellationToken);

    /// <summary>A page of stored events, as they came.</summary>
    /// <exception cref="DeskFault">The service refuses.</exception>
    public async Task<ArchivePage> ReadArchiveAsync(ArchiveQuery query, CancellationToken cancellationToken)
    {
        var since = query.Since?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        var path = $"/events/archive?limit={query.Limit}{(since is null ? "" : $"&since={Uri.EscapeDataString(since)}")}{(query.Before is { } before ? $"&before={before}" : "")}";
        var (page, problem) = await GetAsync(path, Json.ArchivePage, cancellationToken);
        return page ?? throw new DeskFault(problem!.Detail);
    }

    public async Task<IReadOnlyList<LaneStatus>> ReadLanesAsync(CancellationToken cancellationToken)
    {
        // A 503 tells it too.
        using var answer = await client.GetAsync("/health/ready", cancellationToken);
        // A store that fails while it is asked answers with a problem: then nobody knows of the lanes, and the rest is still told.
        return IsProblem(answer) ? [] : (await ReadAsync(answer, Json.ReadyReport, cancellationToken)).Lanes;
    }

    public Task<DeskAnswer<ChangeAnswer>> RetryAsync(long deliveryId, bool asRendered, bool dryRun, CancellationToken cancellationToken) =>
        PostAsync($"{PathOf(deliveryId)}/retry?rendered={Word(asRendered)}&dryRun={Word(dryRun)}", content: null, Json.ChangeAnswer, cancellationToken);

    public Task<DeskAnswer<ChangeAnswer>> DiscardAsync(long deliveryId, bool dryRun, CancellationToken cancellationToken) =>
        PostAsync($"{PathOf(deliveryId)}/discard?dryRun={Word(dryRun)}", content: null, Json.ChangeAnswer, cancellationToken);

    public Task<DeskAnswer<BulkAnswer>> RetryAsync(BulkRequest request, CancellationToken cancellationToken) =>
        PostAsync("/deliveries/retry", JsonContent.Create(request, Json.BulkRequest), Json.BulkAnswer, cancellationToken);

    public Task<DeskAnswer<BulkAnswer>> DiscardAsync(BulkRequest request, CancellationToken cancellationToken) =>
        PostAsync("/deliveries/discard", JsonContent.Create(request, Json.BulkRequest), Json.BulkAnswer, cancellationToken);

    public Task<DeskAnswer<ResumeAnswer>> ResumeAsync(string destination, CancellationToken cancellationToken) =>
        PostAsync($"/destinations/{Uri.EscapeDataString(destination)}/resume", content: null, Json.ResumeAnswer, cancellationToken);

    private async Task<DeskAnswer<T>> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await SendAsync(request, answer => ReadAsync(answer, type, cancellationToken), cancellationToken);
    }

    private async Task<DeskAnswer<T>> PostAsync<T>(string path, HttpContent? content, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        return await SendAsync(request, answer => ReadAsync(answer, type, cancellationToken), cancellationToken);
    }

    private async Task<DeskAnswer<T>> SendAsync<T>(HttpRequestMessage request, Func<HttpResponseMessage, Task<T>> read, CancellationToken cancellationToken)
        where T : class
    {
        using var answer = await client.SendAsync(request, cancellationToken);
        if (answer.IsSuccessStatusCode) return await read(answer);
        if (IsProblem(answer)) return await ReadAsync(answer, ProblemJson.Readable.Problem, cancellationToken);
        throw Stranger((int)answer.StatusCode);
    }

    private static bool IsProblem(HttpResponseMessage answer) => answer.Content.Headers.ContentType?.MediaType == Problems.ContentType;

    private async Task<T> ReadAsync<T>(HttpResponseMessage answer, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await answer.Content.ReadFromJsonAsync(type, cancellationToken) ?? throw Stranger((int)answer.StatusCode);
        }
        catch (JsonException fault)
        {
            throw Stranger((int)answer.StatusCode, fault);
        }
    }

    private DeskFault Stranger(int status, Exception? inner = null) => new($"Something else answers at {client.BaseAddress} (Operations:Url), with {status}: not this version of DefectNotifier.", inner);

    private static string PathOf(long deliveryId) => $"/deliveries/{deliveryId}";

    private static string QueryOf(DeliveryQuery query)
    {
        (string Name, string? Value)[] parts =
        [
            ("state", string.Join(',', query.States.Select(state => state.Word()))),
            ("id", query.Id?.ToString()),
            ("event", query.EventId),
            ("destination", query.Destination),
            ("reason", query.Reason),
            ("project", query.ProjectCode),
            ("since", query.Since?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
            ("before", query.BeforeId?.ToString()),
            ("limit", query.Limit.ToString()),
        ];
        return "?" + string.Join('&', parts.Where(part => part.Value is not null).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}"));
    }

    private static string Word(bool flag) => flag ? "true" : "false";
}
