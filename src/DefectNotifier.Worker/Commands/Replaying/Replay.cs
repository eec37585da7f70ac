using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering;
using DefectNotifier.Routing;

namespace DefectNotifier.Worker.Commands.Replaying;

/// <summary>
/// Runs stored events through a new configuration and counts what would have been otherwise. Sends nothing, and needs no more memory for a million events than for
/// a thousand: differences are kept by kind.
/// </summary>
/// <param name="before">The configuration in force, for the words; where events went was stored with them.</param>
/// <param name="after">The new one.</param>
internal sealed class Replay(ReplaySide before, ReplaySide after)
{
    /// <summary>Event names and project codes are anybody's text: so many kinds are told apart.</summary>
    private const int MaxKinds = 500;

    /// <summary>So many messages of a kind are compared word by word: the next thousand would say the same.</summary>
    private const int MaxCompared = 200;

    private readonly Dictionary<string, RouteDifference> _routes = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Name, ChatPlatform Platform, string? Old, string? New), TextDifference> _texts = [];
    private long _events;
    private long _rerouted;
    private long _unreadable;
    private long _notListed;

    public ReplayReport Report => new(
        _events,
        _rerouted,
        [.. _routes.Values.OrderByDescending(one => one.Count).ThenBy(one => one.EventName, StringComparer.Ordinal)],
        [.. _texts.Values.Where(one => one.Changed > 0 || one.Failed > 0).OrderByDescending(one => one.Changed).ThenBy(one => one.EventName, StringComparer.Ordinal)],
        _unreadable,
        _notListed);

    public void Add(ArchivedEvent stored)
    {
        // The service's own words go by no route.
        if (stored.Decision.IsOwnEvent) return;
        _events++;
        if (WebhookParser.Parse(stored.Body, stored.Source).Event is not { } parsed)
        {
            _unreadable++;
            return;
        }

        var planned = after.Routes.Plan(parsed).Deliveries;
        CompareRoutes(stored, parsed, planned);
        foreach (var delivery in planned)
        {
            if (stored.Decision.Deliveries.FirstOrDefault(old => Same(old.Destination, delivery.Destination)) is { } old) CompareTexts(stored, parsed, old, delivery);
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
        if (after.PlatformOf(planned.Destination) is not { } platform) return;
        var kind = (parsed.Name, platform, old.TemplateSet, planned.TemplateSet);
        if (!_texts.TryGetValue(kind, out var known))
        {
            if (_texts.Count >= MaxKinds)
            {
                _notListed++;
                return;
            }

            known = new TextDifference(parsed.Name, platform.ToString(), planned.TemplateSet, 0, 0, 0, "", [], null);
        }

        if (known.Compared >= MaxCompared) return;
        var (was, _) = before.Render(parsed, stored.ReceivedAt, before.PlatformOf(old.Destination) ?? platform, old.TemplateSet);
        var (would, error) = after.Render(parsed, stored.ReceivedAt, platform, planned.TemplateSet);
        known = known with { Compared = known.Compared + 1, Failed = known.Failed + (error is null ? 0 : 1), Error = known.Error ?? error?.ToString() };
        if (was != would) known = known.Changed > 0 ? known with { Changed = known.Changed + 1 } : known with { Changed = 1, Example = stored.Id, Lines = LineDiff.Of(was, would) };
        _texts[kind] = known;
    }

    private static IEnumerable<string> Missing(IReadOnlyList<PlannedDelivery> from, IReadOnlyList<PlannedDelivery> others) =>
        from.Select(one => one.Destination).Where(name => !others.Any(other => Same(other.Destination, name))).Order(StringComparer.OrdinalIgnoreCase);

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
