using DefectNotifier.Delivery.Outcomes;

namespace DefectNotifier.Chat.Http;

/// <summary>The response of a chat's server. Its content is untrusted: a proxy or another server may have sent it.</summary>
/// <param name="Status">The HTTP status.</param>
internal sealed record ChatHttpResponse(int Status)
{
    /// <summary>
    /// The body's text up to <see cref="ChatHttpRequest.MaxResponseBytes"/>; empty when there was none or it was ignored.
    /// </summary>
    public string Body { get; init; } = "";

    /// <summary>False when the connection broke inside the body; <see cref="Body"/> holds the part before that.</summary>
    public bool IsComplete { get; init; } = true;

    /// <summary>True when the body reached <see cref="ChatHttpRequest.MaxResponseBytes"/> and the rest was dropped.</summary>
    public bool IsTruncated { get; init; }

    public string? ContentType { get; init; }

    /// <summary>How far the server's clock is ahead of ours, to the second; null when the server sent no date.</summary>
    public TimeSpan? Drift { get; init; }

    /// <summary>The header <c>Retry-After</c>, not clamped; null when absent or malformed.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The value of the header that the request asked for.</summary>
    public string? Header { get; init; }

    /// <summary>Set when there was no response: the classified transport error. The other members then mean nothing.</summary>
    public SendResult? Failure { get; init; }

    public static ChatHttpResponse Failed(SendResult failure) => new(0) { Failure = failure };
}
