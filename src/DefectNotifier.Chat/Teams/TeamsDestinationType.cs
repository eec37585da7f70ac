using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Teams.Sending;
using DefectNotifier.Delivery.RateLimits;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Teams;

/// <summary>
/// <c>teams</c>: posts to a webhook of the Workflows app. Its URL is used exactly as configured, never parsed and rebuilt.
/// </summary>
internal sealed class TeamsDestinationType(ChatHttp http) : IDestinationType
{
    private const string HowToGetOne =
        "in Teams add the Workflows template \"When a Teams webhook request is received\" to the channel and copy its URL";

    private static readonly string[] WorkflowsHosts = [".environment.api.powerplatform.com", ".logic.azure.com"];

    public string Name => "teams";

    // https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using: 4 per second, 60 in 30 s.
    public RateLimitOptions DefaultRateLimit { get; } = new() { PerSecond = 1, Burst = 4 };

    public IReadOnlyList<string> Keys { get; } = [nameof(DestinationOptions.Url), nameof(DestinationOptions.AllowedHosts)];

    public IEnumerable<SettingError> Validate(DestinationOptions options)
    {
        for (var i = 0; i < options.AllowedHosts.Count; i++)
        {
            if (Uri.CheckHostName(options.AllowedHosts[i].TrimStart('.')) is UriHostNameType.Unknown)
                yield return new SettingError($"{nameof(DestinationOptions.AllowedHosts)}:{i}", "is not a host name or domain");
        }

        var (address, error) = ChatAddress.Read(nameof(DestinationOptions.Url), options.Url?.Reveal());
        if (error is not null)
            yield return error;
        else if (ProblemOf(address!, options.AllowedHosts) is { } problem)
            yield return new SettingError(nameof(DestinationOptions.Url), problem);
    }

    public ChatPlatform PlatformOf(DestinationOptions options) => ChatPlatform.Teams;

    public IReadOnlyList<SharedRateLimit> LimitsOf(DestinationOptions options) =>
        [new(RateLimitKey.Of(Name, options.Url!.Reveal()), options.RateLimit ?? DefaultRateLimit)];

    public IMessageSender CreateSender(DestinationOptions options) => new TeamsSender(http, new Uri(options.Url!.Reveal()));

    private static string? ProblemOf(Uri address, IReadOnlyList<string> allowedHosts)
    {
        if (IsRetired(address))
            return "is an Office 365 connector, which Microsoft retired in May 2026; " + HowToGetOne;

        if (WorkflowsHosts.Any(address.IsWithin))
            return WorkflowsAddress.ProblemOf(address);

        return address.IsLoopback || allowedHosts.Any(address.IsWithin)
            ? null
            : $"is not on a host of Workflows; {HowToGetOne}, or add its domain to {nameof(DestinationOptions.AllowedHosts)}";
    }

    private static bool IsRetired(Uri address) =>
        address.IsWithin("webhook.office.com")
        || ((address.IsWithin("outlook.office.com") || address.IsWithin("outlook.office365.com"))
            && address.AbsolutePath.StartsWith("/webhook", StringComparison.OrdinalIgnoreCase));
}
