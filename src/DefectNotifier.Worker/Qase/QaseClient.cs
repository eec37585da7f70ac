using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Enrichment;

namespace DefectNotifier.Worker.Qase;

/// <summary>Asks Qase's API with one token. What it says of an error is a word: exceptions hold addresses.</summary>
internal sealed class QaseClient(QaseHttp http, Uri apiUrl, Secret token, TimeProvider time) : IQaseApi
{
    private const string TokenHeader = "Token";

    /// <summary>A hundred authors are some 30 kB; a defect may hold a long stack trace.</summary>
    private const int MaxBytes = 1024 * 1024;

    public async Task<QaseReply> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(apiUrl, path));
        request.Headers.UserAgent.Add(QaseHttp.UserAgent);
        request.Headers.Accept.ParseAdd("application/json");
        // Not "Authorization": https://developers.qase.io. Without validation, or a strange character would be told in an exception.
        request.Headers.TryAddWithoutValidation(TokenHeader, token.Reveal());
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            return new QaseReply
            {
                Status = (int)response.StatusCode,
                RetryAfter = RetryAfterOf(response),
                // Of a failure the status says it all, and its body could be anything.
                Body = response.IsSuccessStatusCode ? await ReadAsync(response, cancellationToken) : default,
            };
        }
        catch (Exception error) when (error is HttpRequestException or IOException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new QaseReply { Error = error is HttpRequestException { HttpRequestError: var kind } ? kind.ToString() : error.GetType().Name };
        }
    }

    // A date is meant by the clock of who wrote it.
    private TimeSpan? RetryAfterOf(HttpResponseMessage response) => response.Headers.NonValidated.TryGetValues("Retry-After", out var values)
        ? values.Select(value => RetryAfter.Parse(value, response.Headers.Date ?? time.GetUtcNow())).Max()
        : null;

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        // What is cut is no JSON, and counts as unexpected.
        while (bytes.Length < MaxBytes && await body.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            bytes.Write(buffer, 0, read);
        return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
    }
}
