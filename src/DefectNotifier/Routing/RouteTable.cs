using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using DefectNotifier.Events;

namespace DefectNotifier.Routing;

/// <summary>
/// The routes in their order: the first that matches wins, unless it says Continue. In addition, a destination in which a
/// defect was announced receives its later events. Immutable and pure.
/// </summary>
/// <param name="routes">The routes.</param>
/// <param name="version">The version of the configuration that contains them; null: no version.</param>
public sealed class RouteTable(IEnumerable<RouteOptions> routes, string? version = null)
{
    private const int FingerprintLength = 8;

    private static readonly JsonElement EmptyPayload = JsonElement.Parse("{}"u8);

    private readonly Route[] _routes = [.. routes.Select(options => new Route(options))];

    private readonly string _fingerprint = FingerprintOf([.. routes]);

    /// <summary>
    /// The configured destinations by name, without regard to case. Nothing is sent to others, even if a defect was announced there.
    /// Default: none.
    /// </summary>
    public IReadOnlyDictionary<string, RoutedDestination> Destinations { get; init; } = new Dictionary<string, RoutedDestination>();

    /// <summary>Where the event goes.</summary>
    /// <param name="defectEvent">The event.</param>
    /// <param name="memory">The stored state of its defect; null: none, or the event is not about a defect.</param>
    /// <param name="at">When it was accepted; null: quiet hours do not count.</param>
    public RoutingDecision Plan(DefectEvent defectEvent, RoutingMemory? memory = null, DateTimeOffset? at = null)
    {
        memory ??= RoutingMemory.None;
        var (asked, isRemembered) = Complete(defectEvent, memory);
        var (matched, deliveries) = Match(asked, at);
        foreach (var destination in memory.Announced)
        {
            if (!Contains(deliveries, destination) && Follow(asked, destination, at) is { } followed) deliveries.Add(followed);
        }

        return new RoutingDecision(matched, [.. deliveries.Select(planned => WithDigest(planned, asked))])
        {
            Version = version,
            Fingerprint = _fingerprint,
            Severity = asked.Severity?.Slug,
            IsSeverityRemembered = isRemembered,
            Announced = memory.Announced.Count > 0 ? memory.Announced : null,
        };
    }

    /// <summary>
    /// The destinations in which a defect has to be announced because its severity has become known or has changed: routes that match with
    /// the new severity, and did not with the one before.
    /// </summary>
    /// <param name="names">The names of the events that may announce it.</param>
    /// <param name="projectCode">Its project.</param>
    /// <param name="before">The severity that was known before; null: none.</param>
    /// <param name="memory">The stored state of the defect now.</param>
    /// <param name="at">When Qase reported the severity.</param>
    public IReadOnlyList<PlannedDelivery> PlanAnnouncements(
        IEnumerable<string> names, string projectCode, Severity? before, RoutingMemory memory, DateTimeOffset at)
    {
        var announcements = new List<PlannedDelivery>();
        foreach (var name in names)
        {
            var wasPlanned = Match(Asked(name, projectCode, before), at).Deliveries;
            var asked = Asked(name, projectCode, memory.Severity);
            announcements.AddRange(Match(asked, at).Deliveries.Select(planned => WithDigest(planned, asked))
                .Where(planned => !Contains(wasPlanned, planned.Destination) && !Contains(announcements, planned.Destination)
                    && !memory.Announced.Contains(planned.Destination, StringComparer.OrdinalIgnoreCase)));
        }

        return [.. announcements.Select(planned => planned with { Kind = DeliveryKind.Announcement })];
    }

    /// <summary>True when the destination is configured and its messages can be changed after they were posted.</summary>
    public bool CanChange(string destination) => Destinations.TryGetValue(destination, out var found) && found.CanChange;

    /// <summary>
    /// Sets its priority, and whether it may become part of a digest. An update of a message is sent last.
    /// </summary>
    public PlannedDelivery WithDigest(PlannedDelivery planned, DefectEvent? asked)
    {
        if (Destinations.GetValueOrDefault(planned.Destination)?.Digest is not { } digest) return planned with { MayDigest = false };
        if (planned.Kind == DeliveryKind.Refresh) return planned with { MayDigest = false, Priority = DeliveryPriority.Silent };
        var isUrgent = digest.Always.Contains(asked?.Severity?.Slug, StringComparer.OrdinalIgnoreCase);
        return isUrgent ? planned with { Priority = DeliveryPriority.Urgent } : planned;
    }

    /// <summary>Why each route takes the event or does not.</summary>
    public IReadOnlyList<RouteVerdict> Explain(DefectEvent defectEvent, RoutingMemory? memory = null)
    {
        var (asked, isRemembered) = Complete(defectEvent, memory ?? RoutingMemory.None);
        return Explain(asked, isRemembered);
    }

    /// <summary>
    /// Adds the reasons to a stored decision, if a table with the same routes made it and this one gives the same result; what is stored is
    /// never replaced.
    /// </summary>
    /// <param name="stored">The decision.</param>
    /// <param name="eventName">The event's name.</param>
    /// <param name="projectCode">The event's project.</param>
    public RoutingDecision Explain(RoutingDecision stored, string eventName, string? projectCode)
    {
        if (OwnEvents.IsOwn(eventName) || stored.Fingerprint != _fingerprint) return stored;
        var verdicts = Explain(Asked(eventName, projectCode, Severity.Parse(stored.Severity)), stored.IsSeverityRemembered);
        var isSame = verdicts.Where(verdict => verdict.Matched).Select(verdict => verdict.Route).SequenceEqual(stored.Routes);
        return isSame ? stored with { Verdicts = verdicts } : stored;
    }

    /// <summary>The values of an event that routes and silences use.</summary>
    internal static DefectEvent Asked(string name, string? projectCode, Severity? severity, string? title = null) =>
        new() { Source = "", Name = name, ProjectCode = projectCode, Severity = severity, Title = title, Payload = EmptyPayload };

    private static (DefectEvent Asked, bool IsRemembered) Complete(DefectEvent defectEvent, RoutingMemory memory) =>
        defectEvent.Severity is null && memory.Severity is not null
            ? (defectEvent with { Severity = memory.Severity }, true)
            : (defectEvent, false);

    private (List<int> Matched, List<PlannedDelivery> Deliveries) Match(DefectEvent asked, DateTimeOffset? at)
    {
        var (matched, deliveries) = (new List<int>(), new List<PlannedDelivery>());
        for (var index = 0; index < _routes.Length; index++)
        {
            var route = _routes[index];
            if (!route.Takes(asked)) continue;
            matched.Add(index);
            // A destination named by two routes gets one message, rendered with the settings of the first one.
            foreach (var destination in route.To)
                if (!Contains(deliveries, destination)) deliveries.Add(route.Plan(destination, index, asked, at));
            if (!route.Continue) break;
        }

        return (matched, deliveries);
    }

    private static string FingerprintOf(IReadOnlyList<RouteOptions> routes) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(routes, RoutesJson.Default.IReadOnlyListRouteOptions)))
            [..FingerprintLength];

    // Null: the destination receives nothing.
    private PlannedDelivery? Follow(DefectEvent asked, string destination, DateTimeOffset? at)
    {
        if (!Destinations.TryGetValue(destination, out var found)) return null;
        var canChange = found.CanChange;
        if (FindFollowed(asked, destination) is not { } index)
            return canChange ? PlannedDelivery.Refresh(destination) : null;
        var route = _routes[index];
        if (!route.Follow) return null;
        var planned = route.Plan(destination, index, asked, at);
        if (route.TakesName(asked)) return planned with { Kind = DeliveryKind.Follow };
        return canChange && planned.MessageMode is MessageMode.ThreadAndUpdate or MessageMode.Update
            ? planned with { Kind = DeliveryKind.Refresh, Fallback = null, FallbackAfter = null, Deferral = null }
            : null;
    }

    // Of the routes that send this project there, one for its severity is preferred, then one for the event's name, then the first.
    private int? FindFollowed(DefectEvent asked, string destination) =>
        Enumerable.Range(0, _routes.Length)
            .Where(index => _routes[index].TakesProject(asked) && _routes[index].To.Contains(destination, StringComparer.OrdinalIgnoreCase))
            .OrderByDescending(index => _routes[index].TakesSeverity(asked)).ThenByDescending(index => _routes[index].TakesName(asked))
            .Select(index => (int?)index).FirstOrDefault();

    private List<RouteVerdict> Explain(DefectEvent asked, bool isRemembered)
    {
        var verdicts = new List<RouteVerdict>();
        string? notAsked = null;
        for (var index = 0; index < _routes.Length; index++)
        {
            if (notAsked is not null)
            {
                verdicts.Add(new RouteVerdict(index, Matched: false, notAsked) { Evaluated = false });
                continue;
            }

            var verdict = RouteVerdict.Of(index, _routes[index].Test(asked, isRemembered));
            verdicts.Add(verdict);
            if (verdict.Matched && !_routes[index].Continue) notAsked = $"not evaluated: route {index} matched and does not continue";
        }

        return verdicts;
    }

    private static bool Contains(List<PlannedDelivery> deliveries, string destination) =>
        deliveries.Exists(planned => string.Equals(planned.Destination, destination, StringComparison.OrdinalIgnoreCase));
}

/// <summary>Routes as JSON, for comparing them: a new setting is included automatically.</summary>
[JsonSerializable(typeof(IReadOnlyList<RouteOptions>))]
internal sealed partial class RoutesJson : JsonSerializerContext;

/// <summary>What routing needs of a destination.</summary>
/// <param name="CanChange">True when its messages can be changed after they were posted.</param>
/// <param name="Digest">When its messages become digests; null: never.</param>
public sealed record RoutedDestination(bool CanChange, DigestOptions? Digest = null);
