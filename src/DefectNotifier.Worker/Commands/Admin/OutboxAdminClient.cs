using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Http;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Operations.Status;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary>The outbox can't be accessed. The message is for the user.</summary>
internal sealed class OutboxAdminException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Uses the operations API of the running service.</summary>
/// <param name="client">Has the service's address and its secret, if there is one.</param>
internal sealed class OutboxAdminClient(HttpClient client) : IOutboxAdmin, IEventArchive
{
    /// <summary>A service that works responds in milliseconds.</summary>
    private static readonly TimeSpan LiveTimeout = TimeSpan.FromSeconds(5);

    private static OperationsJson Json => OperationsJson.Readable;

    /// <summary>False when no service is listening at the address.</summary>
    /// <exception cref="OutboxAdminException">Another program responds, or what listens there does not respond.</exception>
    public async Task<bool> IsRunningAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(LiveTimeout, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var response = await client.GetAsync("/health/live", either.Token);
            var body = await response.Content.ReadAsStringAsync(either.Token);
            if (response.IsSuccessStatusCode && body == OperationsEndpoints.LiveResponse) return true;
            throw NotThisService((int)response.StatusCode);
        }
        catch (HttpRequestException error)
            when (error.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
        {
            return false;
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new OutboxAdminException(
                $"What listens at {client.BaseAddress} (Operations:Url) does not respond within {LiveTimeout.TotalSeconds:0} s.", error);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw new OutboxAdminException(
                $"What listens at {client.BaseAddress} (Operations:Url) closed the connection without a response.", error);
        }
    }

    public Task<AdminResult<EventSummaryPage>> ListEventsAsync(EventSummaryQuery query, CancellationToken cancellationToken) =>
        GetAsync("/events" + QueryOf(query), Json.EventSummaryPage, cancellationToken);

    public Task<AdminResult<DeliveryPage>> ListAsync(DeliveryQuery query, CancellationToken cancellationToken) =>
        GetAsync("/deliveries" + QueryOf(query), Json.DeliveryPage, cancellationToken);

    public Task<AdminResult<DeliveryTimeline>> FindAsync(long deliveryId, CancellationToken cancellationToken) =>
        GetAsync(PathOf(deliveryId), Json.DeliveryTimeline, cancellationToken);

    public Task<AdminResult<DeliveryMessage>> ReadMessageAsync(long deliveryId, CancellationToken cancellationToken) =>
        GetAsync(PathOf(deliveryId) + "/message", Json.DeliveryMessage, cancellationToken);

    public Task<AdminResult<StoredEvent>> FindEventAsync(string eventId, CancellationToken cancellationToken) =>
        GetAsync("/events/" + Uri.EscapeDataString(eventId), Json.StoredEvent, cancellationToken);

    /// <summary>A page of stored events, with their original webhooks.</summary>
    /// <exception cref="OutboxAdminException">The service rejected the request.</exception>
    public async Task<ArchivePage> ReadArchiveAsync(ArchiveQuery query, CancellationToken cancellationToken)
    {
        var path = "/events/archive" + QueryOf(
            ("limit", query.Limit.ToString()), ("since", TextOf(query.Since)), ("before", query.Before?.ToString()));
        var (page, problem) = await GetAsync(path, Json.ArchivePage, cancellationToken);
        return page ?? throw new OutboxAdminException(problem!.Detail);
    }

    public Task<AdminResult<ServiceStatus>> ReadStatusAsync(CancellationToken cancellationToken) =>
        GetAsync("/status", Json.ServiceStatus, cancellationToken);

    public async Task<IReadOnlyList<LaneStatus>> ReadLanesAsync(CancellationToken cancellationToken)
    {
        // A 503 has the same body.
        using var response = await client.GetAsync("/health/ready", cancellationToken);
        // When the outbox fails during the request, the response is a problem: continue without the lanes.
        return IsProblem(response) ? [] : (await ReadAsync(response, Json.ReadyReport, cancellationToken)).Lanes;
    }

    public Task<AdminResult<ChangeResult>> RetryAsync(long deliveryId, bool asRendered, bool dryRun, CancellationToken cancellationToken) =>
        PostAsync(
            $"{PathOf(deliveryId)}/retry?rendered={Word(asRendered)}&dryRun={Word(dryRun)}",
            content: null,
            Json.ChangeResult,
            cancellationToken);

    public Task<AdminResult<ChangeResult>> DiscardAsync(long deliveryId, bool dryRun, CancellationToken cancellationToken) =>
        PostAsync($"{PathOf(deliveryId)}/discard?dryRun={Word(dryRun)}", content: null, Json.ChangeResult, cancellationToken);

    public Task<AdminResult<BulkResult>> RetryAsync(BulkRequest request, CancellationToken cancellationToken) =>
        PostAsync("/deliveries/retry", JsonContent.Create(request, Json.BulkRequest), Json.BulkResult, cancellationToken);

    public Task<AdminResult<BulkResult>> DiscardAsync(BulkRequest request, CancellationToken cancellationToken) =>
        PostAsync("/deliveries/discard", JsonContent.Create(request, Json.BulkRequest), Json.BulkResult, cancellationToken);

    public Task<AdminResult<ResumeResponse>> ResumeAsync(string destination, CancellationToken cancellationToken) =>
        PostAsync($"/destinations/{Uri.EscapeDataString(destination)}/resume", content: null, Json.ResumeResponse, cancellationToken);

    public Task<AdminResult<IReadOnlyList<Silence>>> ListSilencesAsync(bool all, CancellationToken cancellationToken) =>
        GetAsync($"/silences?all={Word(all)}", Json.IReadOnlyListSilence, cancellationToken);

    public Task<AdminResult<Silence>> AddSilenceAsync(SilenceRequest request, CancellationToken cancellationToken) =>
        PostAsync("/silences", JsonContent.Create(request, Json.SilenceRequest), Json.Silence, cancellationToken);

    public Task<AdminResult<Silence>> ExpireSilenceAsync(long id, CancellationToken cancellationToken) =>
        PostAsync($"/silences/{id}/expire", content: null, Json.Silence, cancellationToken);

    private Task<AdminResult<T>> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class =>
        SendAsync(
            new HttpRequestMessage(HttpMethod.Get, path), response => ReadAsync(response, type, cancellationToken), cancellationToken);

    private Task<AdminResult<T>> PostAsync<T>(
        string path, HttpContent? content, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class =>
        SendAsync(
            new HttpRequestMessage(HttpMethod.Post, path) { Content = content },
            response => ReadAsync(response, type, cancellationToken),
            cancellationToken);

    private async Task<AdminResult<T>> SendAsync<T>(
        HttpRequestMessage message, Func<HttpResponseMessage, Task<T>> read, CancellationToken cancellationToken)
        where T : class
    {
        using var request = message;
        using var response = await client.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode) return await read(response);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            throw new OutboxAdminException(
                $"The service at {client.BaseAddress} (Operations:Url) does not accept the secret of these settings: Operations:Secrets or "
                + "Operations:Access. Pass its own settings with --config.");
        }

        if (IsProblem(response)) return await ReadAsync(response, ProblemJson.Readable.Problem, cancellationToken);
        throw NotThisService((int)response.StatusCode);
    }

    private static bool IsProblem(HttpResponseMessage response) => response.Content.Headers.ContentType?.MediaType == Problem.ContentType;

    private async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(type, cancellationToken) ?? throw NotThisService((int)response.StatusCode);
        }
        catch (JsonException error)
        {
            throw NotThisService((int)response.StatusCode, error);
        }
    }

    private OutboxAdminException NotThisService(int status, Exception? inner = null) => new(
        $"Another program, or another version of DefectNotifier, responds at {client.BaseAddress} (Operations:Url): HTTP {status}.",
        inner);

    private static string PathOf(long deliveryId) => $"/deliveries/{deliveryId}";

    private static string QueryOf(DeliveryQuery query) => QueryOf(
        ("state", string.Join(',', query.States.Select(state => state.Word()))),
        ("id", query.Id?.ToString()),
        ("event", query.EventId),
        ("destination", query.Destination),
        ("reason", query.Reason?.Word()),
        ("project", query.ProjectCode),
        ("since", TextOf(query.Since)),
        ("before", query.BeforeId?.ToString()),
        ("limit", query.Limit.ToString()));

    // A title is searched for words, so their order and the spaces between them do not matter.
    private static string QueryOf(EventSummaryQuery query) => QueryOf(
        ("event", query.IdPrefix),
        ("project", query.ProjectCode?.Pattern),
        ("name", query.Name?.Pattern),
        ("severity", query.Severity),
        ("source", query.Source),
        ("defect", query.SubjectId?.ToString()),
        ("text", query.Words.Count > 0 ? string.Join(' ', query.Words) : null),
        ("destination", query.Destination),
        ("state", query.UnroutedOnly ? EventFilter.Unrouted : query.State?.Word()),
        ("reason", query.Reason?.Word()),
        ("since", TextOf(query.Since)),
        ("until", TextOf(query.Until)),
        ("before", query.Before?.ToString()),
        ("limit", query.Limit.ToString()));

    private static string QueryOf(params (string Name, string? Value)[] parts)
    {
        var given = parts.Where(part => part.Value is not null).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}");
        return "?" + string.Join('&', given);
    }

    private static string? TextOf(DateTimeOffset? time) => time?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static string Word(bool flag) => flag ? "true" : "false";
}
