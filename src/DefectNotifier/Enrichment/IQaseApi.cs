namespace DefectNotifier.Enrichment;

/// <summary>
/// The REST API v1 of one workspace, with one token (https://developers.qase.io). An implementation knows the token and never reveals it.
/// </summary>
public interface IQaseApi
{
    /// <summary>Sends one request and returns the response, or why there was none. Does not retry and does not follow redirects.</summary>
    /// <param name="path">Below the base address, with its query: <c>defect/WEB/73</c>.</param>
    /// <param name="cancellationToken">The only time limit.</param>
    Task<QaseHttpResponse> GetAsync(string path, CancellationToken cancellationToken);
}

/// <summary>An HTTP response of Qase's API, limited in size. Its content is untrusted.</summary>
public sealed record QaseHttpResponse
{
    /// <summary>The HTTP status; 0 when there was no response.</summary>
    public int Status { get; init; }

    /// <summary>The body, or its beginning.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The header <c>Retry-After</c>; null when there was none.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Why there was no response, in one word without an address: <c>NameResolutionError</c>. Empty otherwise.</summary>
    public string Error { get; init; } = "";
}
