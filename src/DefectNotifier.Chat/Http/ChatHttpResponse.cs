namespace DefectNotifier.Chat.Http;

/// <summary>What a chat's server answered, within bounds. All of it is the word of a server that may be anybody's.</summary>
/// <param name="Status">The HTTP status.</param>
internal sealed record ChatHttpResponse(int Status)
{
    /// <summary>The body's text up to <see cref="ChatHttpRequest.MaxResponseBytes"/>; empty when there was none or it was ignored.</summary>
    public string Body { get; init; } = "";

    /// <summary>False when the connection broke inside the body: <see cref="Body"/> is what came before.</summary>
    public bool IsComplete { get; init; } = true;

    /// <summary>True when the body reached <see cref="ChatHttpRequest.MaxResponseBytes"/>: it may go on, and what follows was dropped.</summary>
    public bool IsCut { get; init; }

    public string? ContentType { get; init; }

    /// <summary>How far the server's clock is ahead of ours, to the second; null when it does not say.</summary>
    public TimeSpan? Drift { get; init; }

    /// <summary>The header <c>Retry-After</c>, not clamped; null when absent or not understood.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The value of the header that the request asked for.</summary>
    public string? Header { get; init; }
}
