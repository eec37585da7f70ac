using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Chat.Http;

/// <summary>One POST request to a chat.</summary>
/// <param name="Address">The URL; for a webhook it is a secret.</param>
/// <param name="Body">The body, UTF-8: JSON unless <see cref="ContentType"/> says otherwise.</param>
internal sealed record ChatHttpRequest(Uri Address, ReadOnlyMemory<byte> Body)
{
    public string ContentType { get; init; } = "application/json";

    /// <summary>The token for <c>Authorization: Bearer</c>; null: the header is not sent.</summary>
    public Secret? Bearer { get; init; }

    /// <summary>The response header to return in <see cref="ChatHttpResponse.Header"/>; null: none.</summary>
    public string? ResponseHeader { get; init; }

    /// <summary>How many bytes of the response body are read; the rest is dropped.</summary>
    public int MaxResponseBytes { get; init; } = 16 * 1024;

    /// <summary>
    /// True where any 2xx is a success whatever its body. The body is then not read, so that one that never ends cannot turn a success into
    /// a timeout.
    /// </summary>
    public bool IgnoresSuccessBody { get; init; }
}
