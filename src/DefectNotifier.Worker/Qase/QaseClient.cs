using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Enrichment;

namespace DefectNotifier.Worker.Qase;

/// <summary>Calls Qase's API with one token. Reports an error as one word, because exception messages contain addresses.</summary>
internal sealed class QaseClient(QaseHttp http, Uri apiUrl, Secret token, TimeProvider time) : IQaseApi
{
    private const string TokenHeader = "Token";

    /// <summary>A page of 100 users has about 30 kB; a defect may contain a long stack trace.</summary>
    private const int MaxBytes = 1024 * 1024;

    public async Task<QaseHttpResponse> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(apiUrl, path));
        request.Headers.UserAgent.Add(QaseHttp.UserAgent);
        request.Headers.Accept.ParseAdd("application/json");
        // Qase expects "Token", not "Authorization": https://developers.qase.io. Without validation, because an exception for an invalid
        // character would contain the token.
        request.Headers.TryAddWithoutValidation(TokenHeader, token.Reveal());
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            return new QaseHttpResponse
            {
                Status = (int)response.StatusCode,
                RetryAfter = RetryAfterOf(response),
                // For a 429 and a 5xx the status is enough.
                Body = (int)response.StatusCode is < 500 and not 429 ? await ReadAsync(response, cancellationToken) : default,
            };
        }
        catch (Exception error) when (error is HttpRequestException or IOException
            || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            var word = error is HttpRequestException { HttpRequestError: var kind } ? kind.ToString() : error.GetType().Name;
            return new QaseHttpResponse { Error = word };
        }
    }

    // A date in Retry-After is relative to the Date header of the same response.
    private TimeSpan? RetryAfterOf(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("Retry-After", out var values)
        ? values.Select(value => RetryAfter.Parse(value, response.Headers.Date ?? time.GetUtcNow())).Max()
        : null;

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        // A body that was cut off is not valid JSON, and is classified as unexpected.
        while (bytes.Length < MaxBytes && await body.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            bytes.Write(buffer, 0, read);
        return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
    }
}
