using DefectNotifier.Delivery.RateLimits;
using DefectNotifier.Routing;

namespace DefectNotifier.Delivery.Sending;

/// <summary>One entry of <c>Destinations</c> in the configuration. Its <see cref="IDestinationType"/> says which keys it needs.</summary>
public sealed record DestinationOptions
{
    /// <summary>The name under <c>Destinations</c>.</summary>
    public required string Name { get; init; }

    /// <summary><c>slack</c>, <c>slack-webhook</c>, <c>teams</c> or <c>sandbox</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The webhook URL, which is a secret.</summary>
    public Secret? Url { get; init; }

    /// <summary>The Slack bot token (<c>xoxb-...</c>).</summary>
    public Secret? Token { get; init; }

    /// <summary>The Slack channel id (<c>C0123456789</c>).</summary>
    public string? Channel { get; init; }

    /// <summary>The base URL of Slack's Web API; default <c>https://slack.com/api/</c>.</summary>
    public string? ApiUrl { get; init; }

    /// <summary>For a sandbox: the platform that it stands for, <c>slack</c> (default) or <c>teams</c>.</summary>
    public string? As { get; init; }

    /// <summary>For Teams: host suffixes that are accepted besides Microsoft's own (a gateway, a sovereign cloud).</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>The name of the time zone in which dates are shown; null: <c>Templates:TimeZone</c>.</summary>
    public string? TimeZone { get; init; }

    /// <summary>
    /// What to do when a message may have been posted and a lookup is not possible; default <see cref="WhenUnsure.Resend"/>.
    /// </summary>
    public WhenUnsure WhenUnsure { get; init; }

    /// <summary>The rate limit; null: the type's default.</summary>
    public RateLimitOptions? RateLimit { get; init; }

    /// <summary>When messages that wait become a digest; null: never.</summary>
    public DigestOptions? Digest { get; init; }

    /// <summary>How long one attempt may take; default 15 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);
}
