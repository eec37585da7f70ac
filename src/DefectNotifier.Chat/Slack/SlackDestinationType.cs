using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Slack.Api;
using DefectNotifier.Chat.Slack.Sending;
using DefectNotifier.Delivery.RateLimits;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Slack;

/// <summary><c>slack</c>: posts to one channel as a bot.</summary>
/// <param name="createApi">Creates the Slack client from validated options.</param>
internal sealed class SlackDestinationType(Func<DestinationOptions, ISlackApi> createApi) : IDestinationType
{
    private const string DefaultApiUrl = "https://slack.com/api/";

    // https://docs.slack.dev/apis/web-api/rate-limits: all posts of an app in a workspace together, "several hundred per minute". We use
    // 240 a minute, with bursts.
    private static readonly RateLimitOptions WorkspaceRateLimit = new() { PerSecond = 4, Burst = 20 };

    // The same page, Tier 3: 50 calls a minute per method, for all channels of a workspace. We use 45, with bursts. Apps that are limited
    // to one call per minute are held back by Slack's 429 responses.
    private static readonly RateLimitOptions Tier3RateLimit = new() { PerSecond = 0.75, Burst = 5 };

    public string Name => "slack";

    // The same page: 1 message per second per channel, short bursts allowed.
    public RateLimitOptions DefaultRateLimit { get; } = new() { PerSecond = 1, Burst = 3 };

    public IReadOnlyList<string> Keys { get; } =
        [nameof(DestinationOptions.Channel), nameof(DestinationOptions.Token), nameof(DestinationOptions.ApiUrl)];

    /// <summary>The base URL of the Web API, always with a slash at its end.</summary>
    public static Uri ApiAddressOf(DestinationOptions options)
    {
        var text = ApiUrlOf(options);
        return new Uri(text.EndsWith('/') ? text : text + "/");
    }

    public IEnumerable<SettingError> Validate(DestinationOptions options)
    {
        if (ProblemOfChannel(options.Channel) is { } channelProblem)
            yield return new SettingError(nameof(DestinationOptions.Channel), channelProblem);

        if (ProblemOfToken(options.Token?.Reveal()) is { } tokenProblem)
            yield return new SettingError(nameof(DestinationOptions.Token), tokenProblem);

        var (api, error) = ChatAddress.Read(nameof(DestinationOptions.ApiUrl), ApiUrlOf(options));
        if (error is not null)
            yield return error;
        else if (api is { Query.Length: > 0 })
            yield return new SettingError(nameof(DestinationOptions.ApiUrl), "contains a ?; expected a base URL such as " + DefaultApiUrl);
    }

    public ChatPlatform PlatformOf(DestinationOptions options) => ChatPlatform.Slack;

    public IReadOnlyList<SharedRateLimit> LimitsOf(DestinationOptions options)
    {
        var workspace = WorkspaceOf(options);
        var rateLimit = options.RateLimit ?? DefaultRateLimit;
        return
        [
            new SharedRateLimit(RateLimitKey.Of(Name, workspace, options.Channel!.Trim()), rateLimit),
            // A 429 blocks the method for the whole workspace, so the wait is stored with this limit.
            new SharedRateLimit(
                RateLimitKey.Of(Name, workspace, SlackMethod.Post), rateLimit.PerSecond > 0 ? WorkspaceRateLimit : rateLimit),
        ];
    }

    public SharedRateLimit? LookupLimitOf(DestinationOptions options) => Tier3LimitOf(options, SlackMethod.History);

    public SharedRateLimit? ThreadLookupLimitOf(DestinationOptions options) => Tier3LimitOf(options, SlackMethod.Replies);

    public SharedRateLimit? UpdateLimitOf(DestinationOptions options) => Tier3LimitOf(options, SlackMethod.Update);

    public IMessageSender CreateSender(DestinationOptions options) => new SlackBotSender(
        createApi(options),
        options.Channel!.Trim(),
        new DetailScrubber(ApiAddressOf(options), options.Token!.Reveal()));

    private SharedRateLimit Tier3LimitOf(DestinationOptions options, string method) =>
        new(RateLimitKey.Of(Name, WorkspaceOf(options), method), options.RateLimit is { PerSecond: <= 0 } off ? off : Tier3RateLimit);

    private static string WorkspaceOf(DestinationOptions options) => $"{ApiAddressOf(options)} {options.Token!.Reveal()}";

    private static string ApiUrlOf(DestinationOptions options) =>
        string.IsNullOrWhiteSpace(options.ApiUrl) ? DefaultApiUrl : options.ApiUrl.Trim();

    private static string? ProblemOfChannel(string? text)
    {
        const string HowToFind = "in Slack open the channel's details; the id is at the bottom of the About tab (C0123456789)";
        return text?.Trim() switch
        {
            null or "" => "is missing; it is the channel's id: " + HowToFind,
            ['#', ..] => "is a name, and names change; use the channel's id: " + HowToFind,
            ['U' or 'W', .. var rest] when IsIdTail(rest) => "is a person's id; use the id of a channel: " + HowToFind,
            ['C' or 'G' or 'D', .. var rest] when IsIdTail(rest) => null,
            _ => "is not a channel's id; " + HowToFind,
        };
    }

    private static bool IsIdTail(string text) =>
        text.Length > 0 && text.All(letter => char.IsAsciiLetterUpper(letter) || char.IsAsciiDigit(letter));

    private static string? ProblemOfToken(string? token) => token switch
    {
        null => "is missing; it is the app's Bot User OAuth Token (xoxb-...)",
        ['x', 'o', 'x', 'p', '-', ..] => "is a person's token (xoxp-), which posts in that person's name; use the bot token (xoxb-...)",
        ['x', 'a', 'p', 'p', '-', ..] => "is an app-level token (xapp-), which cannot post; use the bot token (xoxb-...)",
        ['x', 'o', 'x', 'e', ..] =>
            "is a rotating token (xoxe), which expires within hours; switch token rotation off and use the bot token (xoxb-...)",
        ['x', 'o', 'x', 'b', '-', ..] when Placeholder.ProblemOf(token) is { } problem =>
            problem + "; copy the token from the app's page OAuth & Permissions",
        ['x', 'o', 'x', 'b', '-', _, ..] when token.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-') => null,
        ['x', 'o', 'x', 'b', '-', ..] => "is cut off or contains characters that tokens do not have",
        _ => "is not a bot token; bot tokens start with xoxb-",
    };
}
