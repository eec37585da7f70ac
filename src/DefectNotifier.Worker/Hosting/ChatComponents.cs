using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Sandbox;
using DefectNotifier.Chat.Slack.Api;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Hosting;

/// <summary>What the destination types share. Created before the settings are read, because the types validate them.</summary>
internal sealed class ChatComponents : IDisposable
{
    private readonly ChatHttp _http;

    public ChatComponents(TimeProvider time, ISandboxListener? listener = null)
    {
        _http = new ChatHttp(time);
        Inbox = new SandboxInbox(time, listener);
        DestinationTypes = Chat.DestinationTypes.All(_http, Inbox);
    }

    public SandboxInbox Inbox { get; }

    public IReadOnlyList<IDestinationType> DestinationTypes { get; }

    /// <summary>Slack's Web API for a destination of type <c>slack</c>.</summary>
    public ISlackApi SlackApiOf(DestinationOptions options) => Chat.DestinationTypes.SlackApiOf(_http, options);

    /// <summary>Reads settings with these destination types.</summary>
    public SettingsReader NewSettingsReader() => new(DestinationTypes, OutboxEngine.ProblemOf);

    public void Dispose() => _http.Dispose();
}
