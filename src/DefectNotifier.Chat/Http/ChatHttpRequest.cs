using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Chat.Http;

/// <summary>One POST to a chat.</summary>
/// <param name="Address">Where to; for a webhook itself a secret.</param>
/// <param name="Body">The body, UTF-8: JSON, unless <see cref="ContentType"/> says otherwise.</param>
internal sealed record ChatHttpRequest(Uri Address, ReadOnlyMemory<byte> Body)
{
    public string ContentType { get; init; } = "application/json";

    /// <summary>The token for <c>Authorization: Bearer</c>; null: none is sent.</summary>
    public Secret? Bearer { get; init; }

    /// <summary>The answer's header to hand on in <see cref="ChatHttpResponse.Header"/>; null: none.</summary>
    public string? ResponseHeader { get; init; }

    /// <summary>How much of the answer's body is read, in bytes. What comes after it is dropped.</summary>
    public int MaxResponseBytes { get; init; } = 16 * 1024;

    /// <summary>
    /// True where any 2xx is success whatever its body: the body is not waited for, so a body that never ends can't turn a success into a timeout.
    /// </summary>
    public bool IgnoresSuccessBody { get; init; }
}
