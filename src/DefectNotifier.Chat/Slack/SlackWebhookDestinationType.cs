using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Slack.Sending;
using DefectNotifier.Delivery.RateLimits;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Slack;

/// <summary>
/// <c>slack-webhook</c>: posts to an incoming webhook. Any https host is allowed, because of proxies and GovSlack (hooks.slack-gov.com),
/// but not the URLs of Slack's Workflow Builder, which takes no messages.
/// </summary>
internal sealed class SlackWebhookDestinationType(ChatHttp http) : IDestinationType
{
    private const string PathStart = "/services/";
    private const int Parts = 3;

    // The secret has 24 characters.
    private const int MinSecret = 16;

    private static readonly string[] SlackHosts = ["hooks.slack.com", "hooks.slack-gov.com"];
    private static readonly string[] WorkflowPaths = ["/workflows/", "/triggers/"];

    public string Name => "slack-webhook";

    // https://docs.slack.dev/apis/web-api/rate-limits: 1 per second, short bursts allowed.
    public RateLimitOptions DefaultRateLimit { get; } = new() { PerSecond = 1, Burst = 3 };

    public IReadOnlyList<string> Keys { get; } = [nameof(DestinationOptions.Url)];

    public IEnumerable<SettingError> Validate(DestinationOptions options)
    {
        var (address, error) = ChatAddress.Read(nameof(DestinationOptions.Url), options.Url?.Reveal());
        if (address is null)
            return [error!];

        return ProblemOf(address) is { } problem ? [new SettingError(nameof(DestinationOptions.Url), problem)] : [];
    }

    public ChatPlatform PlatformOf(DestinationOptions options) => ChatPlatform.Slack;

    public IReadOnlyList<SharedRateLimit> LimitsOf(DestinationOptions options) =>
        [new(RateLimitKey.Of(Name, options.Url!.Reveal()), options.RateLimit ?? DefaultRateLimit)];

    public IMessageSender CreateSender(DestinationOptions options) => new SlackWebhookSender(http, new Uri(options.Url!.Reveal()));

    private static string? ProblemOf(Uri address)
    {
        if (WorkflowPaths.Any(path => address.AbsolutePath.StartsWith(path, StringComparison.OrdinalIgnoreCase)))
        {
            return "is an address of Slack's Workflow Builder, which takes variables and not messages; use an incoming webhook "
                + "(https://hooks.slack.com/services/...)";
        }

        return SlackHosts.Contains(address.IdnHost, StringComparer.OrdinalIgnoreCase) ? ProblemOfPath(address) : null;
    }

    // /services/T.../B.../..., each part of letters and digits: a workspace (or an organisation, E...), a bot, and the secret.
    private static string? ProblemOfPath(Uri address)
    {
        const string Form = "an incoming webhook is https://hooks.slack.com/services/T.../B.../...";
        if (!address.AbsolutePath.StartsWith(PathStart, StringComparison.Ordinal))
            return $"is not an incoming webhook, whose path starts with {PathStart}; was it cut off?";

        var parts = address.AbsolutePath[PathStart.Length..].Split('/');
        if (parts.Length < Parts || parts.Take(Parts).Contains(""))
            return $"lacks a part, so it was cut off: {Form}";

        if (Placeholder.ProblemOf(parts[Parts - 1]) is { } problem)
            return $"has a last part that {problem}; copy the address from the app's page Incoming Webhooks";

        if (parts.Length > Parts || address.Query.Length > 0 || !parts.All(part => part.All(char.IsAsciiLetterOrDigit)))
            return $"has characters that do not belong to it: {Form}";

        if (parts[0][0] is not ('T' or 'E') || parts[1][0] is not 'B')
            return $"is an example or was changed: {Form}";

        return parts[Parts - 1].Length < MinSecret ? $"has a last part that is too short, so it was cut off: {Form}" : null;
    }
}
