using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Sandbox;
using DefectNotifier.Chat.Slack;
using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Worker;

/// <summary>What the destination types share; made before the settings are read, because the types check them.</summary>
internal sealed class ChatComponents : IDisposable
{
    private readonly ChatHttp _http;

    /// <param name="time">The clock.</param>
    /// <param name="listener">Hears of each message that a sandbox takes; null: nobody does.</param>
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

    public void Dispose() => _http.Dispose();
}
