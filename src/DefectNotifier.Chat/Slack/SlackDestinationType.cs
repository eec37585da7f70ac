using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery.RateLimits;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Rendering;

namespace DefectNotifier.Chat.Slack;

/// <summary><c>slack</c>: one channel, posted to by a bot.</summary>
/// <param name="createApi">Makes the way to Slack's Web API from validated options.</param>
internal sealed class SlackDestinationType(Func<DestinationOptions, ISlackApi> createApi) : IDestinationType
{
    private const string DefaultApiUrl = "https://slack.com/api/";

    // The same page: besides the channels' own limit "several hundred a minute" for all posts of an app in a workspace. 240, with some at once.
    private static readonly RateLimitOptions WorkspaceRateLimit = new() { PerSecond = 4, Burst = 20 };

    // https://docs.slack.dev/apis/web-api/rate-limits: Tier 3, 50 a minute for all channels together and each method: 45, with some at once. Apps that may ask only once a
    // minute are held by the 429s that they get.
    private static readonly RateLimitOptions Tier3Pace = new() { PerSecond = 0.75, Burst = 5 };

    public string Name => "slack";

    // https://docs.slack.dev/apis/web-api/rate-limits: 1 a second a channel, short bursts allowed.
    public RateLimitOptions DefaultRateLimit { get; } = new() { PerSecond = 1, Burst = 3 };

    public IReadOnlyList<string> Keys { get; } =
        [nameof(DestinationOptions.Channel), nameof(DestinationOptions.Token), nameof(DestinationOptions.ApiUrl)];

    /// <summary>Where the Web API is, always with the slash at its end that method names are put behind.</summary>
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
            yield return new SettingError(nameof(DestinationOptions.ApiUrl), "has a ? in it; expected a base address such as " + DefaultApiUrl);
    }

    public ChatPlatform PlatformOf(DestinationOptions options) => ChatPlatform.Slack;

    public IReadOnlyList<SharedRateLimit> LimitsOf(DestinationOptions options)
    {
        var workspace = WorkspaceOf(options);
        var rateLimit = options.RateLimit ?? DefaultRateLimit;
        return
        [
            new SharedRateLimit(PlaceKey.Of(Name, workspace, options.Channel!.Trim()), rateLimit),
            // A 429 stops one method for the whole workspace, so that is where it is held.
            new SharedRateLimit(PlaceKey.Of(Name, workspace, "chat.postMessage"), rateLimit.PerSecond > 0 ? WorkspaceRateLimit : rateLimit),
        ];
    }

    public SharedRateLimit? LookupLimitOf(DestinationOptions options) => Tier3LimitOf(options, SlackLookup.Method);

    public SharedRateLimit? ThreadLookupLimitOf(DestinationOptions options) => Tier3LimitOf(options, SlackLookup.ThreadMethod);

    public SharedRateLimit? UpdateLimitOf(DestinationOptions options) => Tier3LimitOf(options, SlackMethod.Update);

    public IMessageSender CreateSender(DestinationOptions options) => new SlackBotSender(
        createApi(options),
        options.Channel!.Trim(),
        new DetailScrubber(ApiAddressOf(options), options.Token!.Reveal()));

    private SharedRateLimit Tier3LimitOf(DestinationOptions options, string method) =>
        new(PlaceKey.Of(Name, WorkspaceOf(options), method), options.RateLimit is { PerSecond: <= 0 } off ? off : Tier3Pace);

    private static string WorkspaceOf(DestinationOptions options) => $"{ApiAddressOf(options)} {options.Token!.Reveal()}";

    private static string ApiUrlOf(DestinationOptions options) =>
        string.IsNullOrWhiteSpace(options.ApiUrl) ? DefaultApiUrl : options.ApiUrl.Trim();

    private static string? ProblemOfChannel(string? text)
    {
        const string HowToFind = "in Slack open the channel's details, the id stands at the foot of the About tab (C0123456789)";
        return text?.Trim() switch
        {
            null or "" => "is missing; it is the channel's id: " + HowToFind,
            ['#', ..] => "is a name, and names change; give the channel's id: " + HowToFind,
            ['U' or 'W', .. var rest] when IsIdTail(rest) => "is a person's id; give the id of a channel: " + HowToFind,
            ['C' or 'G' or 'D', .. var rest] when IsIdTail(rest) => null,
            _ => "is not a channel's id; " + HowToFind,
        };
    }

    private static bool IsIdTail(string text) => text.Length > 0 && text.All(letter => char.IsAsciiLetterUpper(letter) || char.IsAsciiDigit(letter));

    private static string? ProblemOfToken(string? token) => token switch
    {
        null => "is missing; it is the app's Bot User OAuth Token (xoxb-...)",
        ['x', 'o', 'x', 'p', '-', ..] => "is a person's token (xoxp-), which would post in that person's name; give the bot token (xoxb-...)",
        ['x', 'a', 'p', 'p', '-', ..] => "is an app-level token (xapp-), which can't post; give the bot token (xoxb-...)",
        ['x', 'o', 'x', 'e', ..] => "is a rotating token (xoxe), which expires within hours; switch token rotation off and give the bot token",
        ['x', 'o', 'x', 'b', '-', _, ..] when token.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-') => null,
        ['x', 'o', 'x', 'b', '-', ..] => "is cut off or holds characters that no token has",
        _ => "is not a bot token, which starts with xoxb-",
    };
}
