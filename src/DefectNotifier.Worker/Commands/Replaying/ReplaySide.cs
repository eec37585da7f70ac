using DefectNotifier.Chat;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Worker.Commands.Replaying;

/// <summary>One of the two configurations that are compared.</summary>
internal sealed class ReplaySide
{
    private readonly MessageRenderer _renderer;
    private readonly Dictionary<string, ChatPlatform> _platforms;
    private readonly HashSet<string> _threaded;
    private readonly Dictionary<string, ReplayPace> _paces;

    public ReplaySide(NotifierSettings settings, IReadOnlyList<IDestinationType> types)
    {
        Routes = RouteTables.Create(settings, types);
        _renderer = new MessageRenderer(
            TemplateStore.Load(settings.Templates, NullLogger<TemplateStore>.Instance),
            PlatformFormats.Formatters,
            settings.Qase,
            TimeProvider.System);
        _platforms = settings.Destinations.ToDictionary(
            one => one.Name, one => types.First(type => type.Name == one.Type).PlatformOf(one), StringComparer.OrdinalIgnoreCase);
        _threaded = settings.Destinations.Where(one => RouteTables.CanChange(one, types)).Select(one => one.Name)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        _paces = settings.Destinations.ToDictionary(
            one => one.Name,
            one => new ReplayPace(one.RateLimit ?? types.First(type => type.Name == one.Type).DefaultRateLimit, one.Digest),
            StringComparer.OrdinalIgnoreCase);
    }

    public RouteTable Routes { get; }

    /// <summary>Null when this configuration has no such destination.</summary>
    public ChatPlatform? PlatformOf(string destination) => _platforms.TryGetValue(destination, out var platform) ? platform : null;

    /// <summary>True when the event is posted as a reply in the thread of its defect, if it is posted on its own.</summary>
    public bool IsReply(PlannedDelivery planned, ArchivedEvent stored, Defect? defect) =>
        _threaded.Contains(planned.Destination) && planned is { MessageMode: not MessageMode.Post, Kind: not DeliveryKind.Announcement }
        && defect is not null && defect.Opening.EventId != stored.Id;

    /// <summary>What each destination would have posted, where digests or quiet hours change it.</summary>
    public IReadOnlyList<PaceEstimate> Paces =>
        [.. _paces.Select(one => one.Value.Estimate(one.Key)).Where(one => one.Digested > 0 || one.Deferred > 0)];

    /// <summary>Counts a message of a destination.</summary>
    public void Count(PlannedDelivery planned, DateTimeOffset at) => _paces.GetValueOrDefault(planned.Destination)?.Add(planned, at);

    /// <summary>
    /// The text that a reader of the chat sees, and the template's error. The defect is shown in its present state, not in that of the time
    /// of the event.
    /// </summary>
    public (string Text, RenderError? Error) Render(
        DefectEvent defectEvent, Defect? defect, DateTimeOffset receivedAt, ChatPlatform platform, string? set, bool isReply)
    {
        var request = new RenderRequest
        {
            Event = defectEvent,
            Defect = defect,
            ReceivedAt = receivedAt,
            Platform = platform,
            TemplateSet = set,
            IsReply = isReply,
        };
        var result = _renderer.Render(request);
        return (PlatformFormats.Read(platform, result.Message.Json).ToString(), result.Error);
    }
}
