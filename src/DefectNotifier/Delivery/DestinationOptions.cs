namespace DefectNotifier.Delivery;

/// <summary>One entry of <c>Destinations</c> as the configuration has it. Which keys a type needs, its <see cref="IDestinationType"/> says.</summary>
public sealed record DestinationOptions
{
    /// <summary>The name under <c>Destinations</c>.</summary>
    public required string Name { get; init; }

    /// <summary><c>slack</c>, <c>slack-webhook</c>, <c>teams</c> or <c>sandbox</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The webhook's address, itself a secret.</summary>
    public Secret? Url { get; init; }

    /// <summary>Slack bot token (<c>xoxb-...</c>).</summary>
    public Secret? Token { get; init; }

    /// <summary>Slack channel id (<c>C0123456789</c>).</summary>
    public string? Channel { get; init; }

    /// <summary>Base address of Slack's Web API; default <c>https://slack.com/api/</c>.</summary>
    public string? ApiUrl { get; init; }

    /// <summary>For a sandbox: the platform it stands for, <c>slack</c> (default) or <c>teams</c>.</summary>
    public string? As { get; init; }

    /// <summary>For Teams: host suffixes that are accepted besides Microsoft's own (a gateway, a sovereign cloud).</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>What follows when a message may have been posted and can't be looked up; default <see cref="WhenUnsure.Resend"/>.</summary>
    public WhenUnsure WhenUnsure { get; init; }

    /// <summary>The pace; null: the type's default.</summary>
    public RateLimitOptions? RateLimit { get; init; }

    /// <summary>How long one attempt may take; default 15 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);
}
