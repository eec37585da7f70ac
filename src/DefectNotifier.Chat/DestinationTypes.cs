using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Sandbox;
using DefectNotifier.Chat.Slack;
using DefectNotifier.Chat.Slack.Api;
using DefectNotifier.Chat.Teams;
using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Chat;

/// <summary>All destination types. A new type is added to <see cref="All"/>.</summary>
public static class DestinationTypes
{
    /// <param name="http">The connection pool that all destinations share.</param>
    /// <param name="inbox">Where sandbox destinations store their messages.</param>
    /// <param name="createSlackApi">
    /// Creates the Slack client of a destination from its validated options; null: the built-in client over <paramref name="http"/>.
    /// </param>
    public static IReadOnlyList<IDestinationType> All(
        ChatHttp http, SandboxInbox inbox, Func<DestinationOptions, ISlackApi>? createSlackApi = null) =>
    [
        new SlackDestinationType(createSlackApi ?? (options => SlackApiOf(http, options))),
        new SlackWebhookDestinationType(http),
        new TeamsDestinationType(http),
        new SandboxDestinationType(inbox),
    ];

    /// <summary>The built-in Slack client for a destination of type <c>slack</c> with validated options.</summary>
    public static ISlackApi SlackApiOf(ChatHttp http, DestinationOptions options) =>
        SlackApiOf(http, SlackDestinationType.ApiAddressOf(options), options.Token!);

    internal static ISlackApi SlackApiOf(ChatHttp http, Uri baseAddress, Secret token) =>
#if USE_SLACKNET
        new SlackNetApi(http, baseAddress, token);
#else
        new SlackApiClient(http, baseAddress, token);
#endif
}
