using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Sandbox;
using DefectNotifier.Chat.Slack;
using DefectNotifier.Chat.Teams;
using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Chat;

/// <summary>Every kind of destination that there is.</summary>
public static class DestinationTypes
{
    /// <param name="http">The connections that all share.</param>
    /// <param name="inbox">Where sandboxes put their messages.</param>
    /// <param name="createSlackApi">
    /// Another way to Slack's Web API, made from the validated options of one destination; null: our own over <paramref name="http"/>.
    /// </param>
    public static IReadOnlyList<IDestinationType> All(ChatHttp http, SandboxInbox inbox, Func<DestinationOptions, ISlackApi>? createSlackApi = null) =>
    [
        new SlackDestinationType(createSlackApi ?? (options => SlackApiOf(http, options))),
        new SlackWebhookDestinationType(http),
        new TeamsDestinationType(http),
        new SandboxDestinationType(inbox),
    ];

    /// <summary>The way to Slack's Web API over plain HTTP, for a destination of type <c>slack</c> whose options validated.</summary>
    public static ISlackApi SlackApiOf(ChatHttp http, DestinationOptions options) => new SlackApiClient(http, SlackDestinationType.ApiAddressOf(options), options.Token!);
}
