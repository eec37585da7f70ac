using DefectNotifier.Delivery.RateLimits;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Commands.Checking;

/// <summary>Looks at destinations that the settings reader takes and that will hardly do what is meant.</summary>
/// <param name="types">The kinds of destination.</param>
/// <param name="configuration">What is written, for what is not told from a default.</param>
internal sealed class DestinationCheck(IReadOnlyList<IDestinationType> types, IConfiguration configuration)
{
    private const string Sandbox = "sandbox";

    // https://docs.slack.dev/apis/web-api/rate-limits: 1 a second a channel or webhook.
    // https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using: 60 in 30 s.
    private static readonly Dictionary<string, double> Fastest = new(StringComparer.OrdinalIgnoreCase) { ["slack"] = 1, ["slack-webhook"] = 1, ["teams"] = 2 };

    private static readonly Dictionary<string, string[]> OwnHosts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["slack"] = ["slack.com", "slack-gov.com"],
        ["slack-webhook"] = ["hooks.slack.com", "hooks.slack-gov.com"],
    };

    /// <param name="settings">What could be read.</param>
    /// <param name="good">Those of the destinations that have no error.</param>
    public IEnumerable<Finding> Check(NotifierSettings settings, IReadOnlyList<DestinationOptions> good) =>
    [
        .. good.Where(one => one.Type != Sandbox).SelectMany(CheckOne),
        .. CheckWorkspaces(good),
        .. CheckUse(settings),
        .. CheckPlaces(good, settings.Routes),
        .. CheckFallbacks(settings.Routes),
        .. CheckThreads(good, settings.Routes),
    ];

    private IEnumerable<Finding> CheckThreads(IReadOnlyList<DestinationOptions> good, IReadOnlyList<RouteOptions> routes)
    {
        for (var index = 0; index < routes.Count; index++)
        {
            var path = $"Routes:{index}:MessageMode";
            var destinations = good.Where(one => routes[index].To.Contains(one.Name, StringComparer.OrdinalIgnoreCase)).ToList();
            // What a destination with an error can do is not known.
            if (configuration[path] is null || destinations.Count < routes[index].To.Distinct(StringComparer.OrdinalIgnoreCase).Count() || destinations.Any(one => TypeOf(one).UpdateLimitOf(one) is not null)) continue;
            yield return FindingCode.NoThread.At(path, "Has no effect: none of the route's destinations can change messages or has threads, so each event is a message.", "Leave it out, or send to a Slack bot (Type slack).");
        }
    }

    private IEnumerable<Finding> CheckOne(DestinationOptions options)
    {
        var path = $"Destinations:{options.Name}";
        if (OwnHosts.TryGetValue(options.Type, out var hosts) && HostOf(options) is { } host && !hosts.Any(own => host == own || host.EndsWith("." + own, StringComparison.Ordinal)))
        {
            yield return FindingCode.ForeignHost.At($"{path}:{(options.Type == "slack" ? "ApiUrl" : "Url")}", $"Is on {host}, which is not Slack's: whoever owns that host reads every message.",
                $"Slack's host is {hosts[0]}. A gateway of your own is fine.");
        }

        var rateLimit = options.RateLimit ?? TypeOf(options).DefaultRateLimit;
        if (rateLimit.PerSecond == 0)
            yield return FindingCode.RateLimitOff.At($"{path}:RateLimit:PerSecond", "Pacing is off: a burst meets the chat's own limit, which then holds everybody who goes through it.", $"Leave it out for {TypeOf(options).DefaultRateLimit.PerSecond} a second.");
        else if (Fastest.TryGetValue(options.Type, out var most) && rateLimit.PerSecond > most)
            yield return FindingCode.RateLimitTooHigh.At($"{path}:RateLimit:PerSecond", $"{rateLimit.PerSecond} messages a second are more than the chat takes in the long run ({most}).", $"At most {most}.");
    }

    // Channels at the standard pace take turns anyway; it is told where somebody asks for more than there is.
    private IEnumerable<Finding> CheckWorkspaces(IReadOnlyList<DestinationOptions> good)
    {
        var shared = good.SelectMany(options => TypeOf(options).LimitsOf(options) is [var own, .., var whole] ? [(options, own.RateLimit, whole)] : Array.Empty<(DestinationOptions, RateLimitOptions, SharedRateLimit)>());
        foreach (var workspace in shared.GroupBy(one => one.Item3.Key, StringComparer.Ordinal))
        {
            var (sum, most) = (workspace.Sum(one => one.Item2.PerSecond), workspace.Max(one => one.Item3.RateLimit.PerSecond));
            var names = workspace.Select(one => one.Item1.Name).ToList();
            if (most > 0 && sum > most && names.FirstOrDefault(name => configuration[$"Destinations:{name}:RateLimit:PerSecond"] is not null) is { } paced)
            {
                yield return FindingCode.RateLimitOfWorkspace.At($"Destinations:{paced}:RateLimit:PerSecond",
                    $"{string.Join(", ", names)} are one app in one workspace and are meant to send {sum} messages a second together; Slack takes {most}.", "They take turns when it comes to that: leave RateLimit out, or lower it.");
            }
        }
    }

    private static IEnumerable<Finding> CheckUse(NotifierSettings settings)
    {
        var used = settings.Routes.SelectMany(route => route.Fallback is { } fallback ? route.To.Append(fallback) : route.To).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (settings.Delivery.AlertTo is { } alert) used.Add(alert);
        return settings.Destinations.Where(one => !used.Contains(one.Name))
            .Select(one => FindingCode.UnusedDestination.At($"Destinations:{one.Name}", "No route leads to it.", "Name it in a route's To, or take it out."));
    }

    private IEnumerable<Finding> CheckPlaces(IReadOnlyList<DestinationOptions> good, IReadOnlyList<RouteOptions> routes)
    {
        var places = good.Where(one => one.Type != Sandbox).ToDictionary(one => one.Name, one => TypeOf(one).LimitsOf(one)[0].Key, StringComparer.OrdinalIgnoreCase);
        for (var index = 0; index < routes.Count; index++)
        {
            var route = routes[index];
            foreach (var twins in route.To.Distinct(StringComparer.OrdinalIgnoreCase).Where(places.ContainsKey).GroupBy(name => places[name], StringComparer.Ordinal).Where(group => group.Count() > 1))
                yield return FindingCode.SamePlace.At($"Routes:{index}:To", $"{string.Join(" and ", twins)} are one and the same channel or webhook: it gets each message {twins.Count()} times.");
            if (route.Fallback is { } fallback && places.TryGetValue(fallback, out var place) && route.To.FirstOrDefault(name => places.GetValueOrDefault(name) == place) is { } same)
                yield return FindingCode.SamePlace.At($"Routes:{index}:Fallback", $"{fallback} and {same} are one and the same channel or webhook: what can't be told to the one can't be told to the other.");
        }
    }

    private static IEnumerable<Finding> CheckFallbacks(IReadOnlyList<RouteOptions> routes)
    {
        var told = new HashSet<(string From, string To)>();
        for (var index = 0; index < routes.Count; index++)
        {
            if (routes[index].Fallback is not { } fallback) continue;
            foreach (var name in routes[index].To)
            {
                // Told once, at the later of the two.
                if (told.Add((name.ToLowerInvariant(), fallback.ToLowerInvariant())) && told.Contains((fallback.ToLowerInvariant(), name.ToLowerInvariant())))
                {
                    yield return FindingCode.FallbackCycle.At($"Routes:{index}:Fallback", $"{name} and {fallback} stand in for each other: when both are in trouble nobody is told.",
                        "Let one of them have a third destination, or set Delivery:AlertTo to one.");
                }
            }
        }
    }

    private IDestinationType TypeOf(DestinationOptions options) => types.First(type => type.Name == options.Type);

    // Not on loopback: that is somebody's trial.
    private static string? HostOf(DestinationOptions options) =>
        Uri.TryCreate(options.Type == "slack" ? options.ApiUrl : options.Url?.Reveal(), UriKind.Absolute, out var address) && !address.IsLoopback ? address.IdnHost.ToLowerInvariant() : null;
}
