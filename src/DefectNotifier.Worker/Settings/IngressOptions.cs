using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Worker.Settings;

/// <summary>Where Qase's webhooks arrive.</summary>
internal sealed record IngressOptions
{
    /// <summary>The address to listen on, plain http (TLS belongs to the proxy in front); default <c>http://127.0.0.1:8080</c>. Port 0 takes any free one.</summary>
    public Uri Url { get; init; } = new("http://127.0.0.1:8080");

    /// <summary>The path; a source's name may follow as one more part. Default <c>/webhooks/qase</c>.</summary>
    public string Path { get; init; } = "/webhooks/qase";

    /// <summary>Values accepted in <c>X-Qase-Secret</c>; several at once let you change it without losing an event. May be empty on loopback only.</summary>
    public IReadOnlyList<Secret> Secrets { get; init; } = [];

    /// <summary>The largest body; a larger one gets 413. Default 1 MiB.</summary>
    public int MaxBodyBytes { get; init; } = 1024 * 1024;

    /// <summary>Requests that may be worked on at once; one more gets 503 with Retry-After. Default 256, which bounds the memory at 256 times
    /// <see cref="MaxBodyBytes"/> and some. Eight times as many connections may be open.</summary>
    public int MaxWaiting { get; init; } = 256;
}
