using DefectNotifier.Chat.Sandbox;
using DefectNotifier.Chat.Slack;
using DefectNotifier.Chat.Teams;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Events;
using DefectNotifier.Rendering;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Worker.Commands.Replaying;

/// <summary>One of the two configurations that are compared.</summary>
internal sealed class ReplaySide
{
    private readonly MessageRenderer _renderer;
    private readonly Dictionary<string, ChatPlatform> _platforms;

    public ReplaySide(NotifierSettings settings, IReadOnlyList<IDestinationType> types)
    {
        Routes = new RouteTable(settings.Routes);
        _renderer = new MessageRenderer(
            TemplateStore.Load(settings.Templates, NullLogger<TemplateStore>.Instance), [new SlackMessageFormatter(), new TeamsMessageFormatter()], settings.Qase, TimeProvider.System);
        _platforms = settings.Destinations.ToDictionary(one => one.Name, one => types.First(type => type.Name == one.Type).PlatformOf(one), StringComparer.OrdinalIgnoreCase);
    }

    public RouteTable Routes { get; }

    /// <summary>Null when this configuration has no such destination.</summary>
    public ChatPlatform? PlatformOf(string destination) => _platforms.TryGetValue(destination, out var platform) ? platform : null;

    /// <summary>
    /// What a reader of the chat sees, and the template's error. Of the defect only what the event says is shown: what is remembered of it by now is not what was known then.
    /// </summary>
    public (string Text, RenderError? Error) Render(DefectEvent defectEvent, DateTimeOffset receivedAt, ChatPlatform platform, string? set)
    {
        var result = _renderer.Render(new RenderRequest { Event = defectEvent, ReceivedAt = receivedAt, Platform = platform, TemplateSet = set });
        return (platform == ChatPlatform.Slack ? SlackTextView.Render(result.Message.Json) : TeamsTextView.Render(result.Message.Json), result.Error);
    }
}
