using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Worker.Settings;

/// <summary>Where Qase's webhooks arrive.</summary>
internal sealed record IngressOptions
{
    public const int MaxSourceName = 64;

    /// <summary>
    /// The address to listen on, plain http (TLS is terminated by the proxy in front); default <c>http://127.0.0.1:8080</c>. Port 0 takes
    /// any free port.
    /// </summary>
    public Uri Url { get; init; } = new("http://127.0.0.1:8080");

    /// <summary>The path; the name of a source may follow as one more segment. Default <c>/webhooks/qase</c>.</summary>
    public string Path { get; init; } = "/webhooks/qase";

    /// <summary>
    /// Values accepted in <c>X-Qase-Secret</c>; with several of them a secret can be changed without losing an event. May be empty on
    /// loopback only, or when every source has its own.
    /// </summary>
    public IReadOnlyList<Secret> Secrets { get; init; } = [];

    /// <summary>The sources with secrets of their own, which accept no others.</summary>
    public IReadOnlyList<IngressSourceOptions> Sources { get; init; } = [];

    /// <summary>True when no secret is configured at all: then anyone may send webhooks.</summary>
    public bool IsOpen => Secrets.Count == 0 && Sources.Count == 0;

    /// <summary>The maximum size of a body; a larger one gets 413. Default 1 MiB.</summary>
    public int MaxBodyBytes { get; init; } = 1024 * 1024;

    /// <summary>
    /// The maximum number of requests handled at once; one more gets 503 with Retry-After. Default 256. Eight times as many connections
    /// may be open.
    /// </summary>
    public int MaxWaiting { get; init; } = 256;

    /// <summary>
    /// The maximum size of all bodies handled at once, in bytes; one more gets 503 with Retry-After. Default: a sixteenth of the memory
    /// that the process may use, because a webhook needs about ten times its size while it is parsed and stored.
    /// </summary>
    public long MaxWaitingBytes { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 16;

    /// <summary>True for a name that can follow <see cref="Path"/>; a workspace of Qase is named like its source.</summary>
    public static bool IsSourceName(string name) => name.Length <= MaxSourceName
        && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.');
}

/// <summary>One entry of <c>Ingress:Sources</c>. The name is NAME in <c>/webhooks/qase/NAME</c>.</summary>
internal sealed record IngressSourceOptions(string Name, IReadOnlyList<Secret> Secrets);
