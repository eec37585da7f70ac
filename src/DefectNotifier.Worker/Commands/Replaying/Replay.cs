using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Routing;

namespace DefectNotifier.Worker.Commands.Replaying;

/// <summary>
/// Routes and renders stored events with a new configuration and counts the differences. Sends nothing. Differences are grouped by kind, so
/// that the memory does not grow with the number of events.
/// </summary>
/// <param name="before">The current configuration, for the texts; the destinations are stored with the events.</param>
/// <param name="after">The new one.</param>
/// <param name="memory">What the stored events say of each defect.</param>
internal sealed class Replay(ReplaySide before, ReplaySide after, ReplayMemory memory)
{
    /// <summary>Event names and project codes are external text, so the number of kinds has a limit.</summary>
    private const int MaxKinds = 500;

    /// <summary>At most this many messages of a kind are rendered; more would show the same difference.</summary>
    private const int MaxCompared = 200;

    private readonly Dictionary<string, RouteDifference> _routes = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Name, ChatPlatform Platform, string? Old, string? New, bool IsReply), TextDifference> _texts = [];
    private long _events;
    private long _rerouted;
    private long _unreadable;
    private long _notListed;

    public ReplayReport Report => new(
        _events,
        _rerouted,
        [.. _routes.Values.OrderByDescending(one => one.Count).ThenBy(one => one.EventName, StringComparer.Ordinal)],
        [
            .. _texts.Values.Where(one => one.Changed > 0 || one.Failed > 0)
                .OrderByDescending(one => one.Changed).ThenBy(one => one.EventName, StringComparer.Ordinal),
        ],
        _unreadable,
        _notListed,
        after.Paces);

    public void Add(ArchivedEvent stored)
    {
        var parsed = WebhookParser.Parse(stored.Body, stored.Source).Event;
        // The service's own events are not routed.
        if (parsed is not null && OwnEvents.IsOwn(parsed.Name)) return;
        _events++;
        if (parsed is null)
        {
            _unreadable++;
            return;
        }

        var planned = after.Routes.Plan(parsed, stored.Decision.ToMemory(), stored.ReceivedAt).Deliveries;
        CompareRoutes(stored, parsed, planned);
        foreach (var delivery in planned)
        {
            after.Count(delivery, stored.ReceivedAt);
            var old = stored.Decision.Deliveries.FirstOrDefault(one => IsSame(one.Destination, delivery.Destination));
            if (old is not null) CompareTexts(stored, parsed, old, delivery);
        }
    }

    private void CompareRoutes(ArchivedEvent stored, DefectEvent parsed, IReadOnlyList<PlannedDelivery> planned)
    {
        List<string> lost = [.. Missing(stored.Decision.Deliveries, planned)];
        List<string> gained = [.. Missing(planned, stored.Decision.Deliveries)];
        if (lost.Count == 0 && gained.Count == 0) return;
        _rerouted++;
        var kind = string.Join('\n', [parsed.Name, parsed.ProjectCode ?? "", .. lost, "", .. gained]);
        if (_routes.TryGetValue(kind, out var known)) _routes[kind] = known with { Count = known.Count + 1 };
        else if (_routes.Count < MaxKinds) _routes[kind] = new RouteDifference(parsed.Name, parsed.ProjectCode, lost, gained, 1, stored.Id);
        else _notListed++;
    }

    private void CompareTexts(ArchivedEvent stored, DefectEvent parsed, PlannedDelivery old, PlannedDelivery planned)
    {
        // An update shows the event in the message of its defect, and posts nothing.
        if (planned.Kind == DeliveryKind.Refresh || after.PlatformOf(planned.Destination) is not { } platform) return;
        var defect = memory.Of(parsed);
        var isReply = after.IsReply(planned, stored, defect);
        var kind = (parsed.Name, platform, old.TemplateSet, planned.TemplateSet, isReply);
        if (!_texts.TryGetValue(kind, out var known))
        {
            if (_texts.Count >= MaxKinds)
            {
                _notListed++;
                return;
            }

            known = new TextDifference(parsed.Name, platform.ToString(), planned.TemplateSet, isReply, 0, 0, 0, "", [], null);
        }

        if (known.Compared >= MaxCompared) return;
        var (oldText, _) = before.Render(
            parsed,
            defect,
            stored.ReceivedAt,
            before.PlatformOf(old.Destination) ?? platform,
            old.TemplateSet,
            before.IsReply(old, stored, defect));
        var (newText, error) = after.Render(parsed, defect, stored.ReceivedAt, platform, planned.TemplateSet, isReply);
        known = known with
        {
            Compared = known.Compared + 1,
            Failed = known.Failed + (error is null ? 0 : 1),
            Error = known.Error ?? error?.ToString(),
        };
        if (oldText != newText)
        {
            known = known.Changed > 0
                ? known with { Changed = known.Changed + 1 }
                : known with { Changed = 1, Example = stored.Id, Lines = LineDiff.Of(oldText, newText) };
        }

        _texts[kind] = known;
    }

    private static IEnumerable<string> Missing(IReadOnlyList<PlannedDelivery> from, IReadOnlyList<PlannedDelivery> others) =>
        from.Select(one => one.Destination).Where(name => !others.Any(other => IsSame(other.Destination, name)))
            .Order(StringComparer.OrdinalIgnoreCase);

    private static bool IsSame(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
