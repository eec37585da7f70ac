using DefectNotifier.Delivery.RateLimits;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Linting;

/// <summary>
/// Checks destinations that are valid but will probably not work as intended. The raw configuration distinguishes a written value from a
/// default.
/// </summary>
internal sealed class DestinationCheck(IReadOnlyList<IDestinationType> types, SettingsNode configuration)
{
    private const string Sandbox = "sandbox";

    // https://docs.slack.dev/apis/web-api/rate-limits: 1 per second per channel or webhook.
    // https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using: 60 in 30 s.
    private static readonly Dictionary<string, double> MaxPerSecond = new(StringComparer.OrdinalIgnoreCase)
    {
        ["slack"] = 1,
        ["slack-webhook"] = 1,
        ["teams"] = 2,
    };

    private static readonly Dictionary<string, string[]> OwnHosts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["slack"] = ["slack.com", "slack-gov.com"],
        ["slack-webhook"] = ["hooks.slack.com", "hooks.slack-gov.com"],
    };

    public IEnumerable<Finding> Check(NotifierSettings settings, IReadOnlyList<DestinationOptions> valid) =>
    [
        .. valid.Where(one => one.Type != Sandbox).SelectMany(CheckOne),
        .. valid.SelectMany(CheckDigest),
        .. CheckWorkspaces(valid),
        .. CheckUse(settings),
        .. CheckSameChannel(valid, settings.Routes),
        .. CheckFallbacks(settings.Routes),
        .. CheckThreads(valid, settings.Routes),
    ];

    private IEnumerable<Finding> CheckThreads(IReadOnlyList<DestinationOptions> valid, IReadOnlyList<RouteOptions> routes)
    {
        for (var index = 0; index < routes.Count; index++)
        {
            var mode = $"Routes:{index}:MessageMode";
            var paths = new List<string>();
            if (configuration[mode] is not null) paths.Add(mode);
            if (routes[index].RepeatWithin is not null) paths.Add($"Routes:{index}:Repeats");
            if (paths.Count == 0) continue;
            var names = routes[index].To.Distinct(StringComparer.OrdinalIgnoreCase).ToList();
            var destinations = valid.Where(one => names.Contains(one.Name, StringComparer.OrdinalIgnoreCase)).ToList();
            // The capabilities of a destination with an error are unknown.
            if (destinations.Count < names.Count || destinations.Any(one => TypeOf(one).UpdateLimitOf(one) is not null)) continue;
            foreach (var path in paths)
            {
                yield return FindingCode.NoThread.At(
                    path,
                    "Has no effect: no destination of the route supports message updates or threads, so each event is a separate message.",
                    "Remove it, or send to a Slack bot (Type slack).");
            }
        }
    }

    private IEnumerable<Finding> CheckOne(DestinationOptions options)
    {
        var path = $"Destinations:{options.Name}";
        if (OwnHosts.TryGetValue(options.Type, out var hosts) && HostOf(options) is { } host
            && !hosts.Any(own => host == own || host.EndsWith("." + own, StringComparison.Ordinal)))
        {
            yield return FindingCode.ForeignHost.At(
                $"{path}:{(options.Type == "slack" ? "ApiUrl" : "Url")}",
                $"The host {host} is not one of Slack's: its owner can read every message.",
                $"Slack's host is {hosts[0]}. A gateway of your own is fine.");
        }

        var (rateLimit, limitPath) = (options.RateLimit ?? TypeOf(options).DefaultRateLimit, $"{path}:RateLimit:PerSecond");
        if (rateLimit.PerSecond == 0)
        {
            yield return FindingCode.RateLimitOff.At(
                limitPath,
                "The rate limit is off: a burst exceeds the chat's own limit, which then delays every message of the app or webhook.",
                $"Remove the setting to use the default of {TypeOf(options).DefaultRateLimit.PerSecond} per second.");
        }
        else if (MaxPerSecond.TryGetValue(options.Type, out var max) && rateLimit.PerSecond > max)
        {
            yield return FindingCode.RateLimitTooHigh.At(
                limitPath,
                $"{rateLimit.PerSecond} messages per second are more than the chat accepts in the long run ({max}).",
                $"Set it to {max} or less.");
        }
    }

    private IEnumerable<Finding> CheckDigest(DestinationOptions options)
    {
        var type = TypeOf(options);
        var limits = ((RateLimitOptions?[])[options.RateLimit ?? type.DefaultRateLimit, type.UpdateLimitOf(options)?.RateLimit])
            .Where(limit => limit?.PerSecond > 0);
        if (options.Digest is not { } digest || limits.MinBy(limit => limit!.PerSecond) is not { } slowest) yield break;
        var shortest = 1 / slowest.PerSecond;
        if (digest.Window.TotalSeconds < shortest)
        {
            yield return FindingCode.ShortDigestWindow.At(
                $"Destinations:{options.Name}:Digest:Window",
                $"A digest can't be sent every {digest.Window.TotalSeconds} s: the rate limit allows a message every {shortest:0.#} s.",
                $"Set it to {Math.Ceiling(shortest)}s or more.");
        }
    }

    // Channels with the default rate limit share the workspace's limit anyway; warn only when a rate limit was configured.
    private IEnumerable<Finding> CheckWorkspaces(IReadOnlyList<DestinationOptions> valid)
    {
        var shared = valid.SelectMany(options => TypeOf(options).LimitsOf(options) is [var own, .., var workspace]
            ? [(options.Name, own.RateLimit.PerSecond, Workspace: workspace)]
            : Array.Empty<(string Name, double PerSecond, SharedRateLimit Workspace)>());
        foreach (var workspace in shared.GroupBy(one => one.Workspace.Key, StringComparer.Ordinal))
        {
            var (sum, max) = (workspace.Sum(one => one.PerSecond), workspace.Max(one => one.Workspace.RateLimit.PerSecond));
            var names = workspace.Select(one => one.Name).ToList();
            if (max <= 0 || sum <= max) continue;
            if (names.Find(name => configuration[$"Destinations:{name}:RateLimit:PerSecond"] is not null) is { } limited)
            {
                yield return FindingCode.RateLimitOfWorkspace.At(
                    $"Destinations:{limited}:RateLimit:PerSecond",
                    $"{string.Join(", ", names)} share one app and workspace: together {sum} messages per second, but Slack accepts {max}.",
                    "The workspace limit is enforced anyway: remove RateLimit, or lower it.");
            }
        }
    }

    private static IEnumerable<Finding> CheckUse(NotifierSettings settings)
    {
        var used = settings.Routes.SelectMany(route => route.Fallback is { } fallback ? route.To.Append(fallback) : route.To)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (settings.Delivery.AlertTo is { } alert) used.Add(alert);
        return settings.Destinations.Where(one => !used.Contains(one.Name)).Select(one => FindingCode.UnusedDestination.At(
            $"Destinations:{one.Name}", "No route uses this destination.", "Add it to the To of a route, or remove it."));
    }

    private IEnumerable<Finding> CheckSameChannel(IReadOnlyList<DestinationOptions> valid, IReadOnlyList<RouteOptions> routes)
    {
        var channels = valid.Where(one => one.Type != Sandbox)
            .ToDictionary(one => one.Name, one => TypeOf(one).LimitsOf(one)[0].Key, StringComparer.OrdinalIgnoreCase);
        for (var index = 0; index < routes.Count; index++)
        {
            var route = routes[index];
            var names = route.To.Distinct(StringComparer.OrdinalIgnoreCase).Where(channels.ContainsKey);
            foreach (var same in names.GroupBy(name => channels[name], StringComparer.Ordinal).Where(group => group.Count() > 1))
            {
                yield return FindingCode.SamePlace.At(
                    $"Routes:{index}:To",
                    $"{string.Join(" and ", same)} are the same channel or webhook: it receives each message {same.Count()} times.");
            }

            if (route.Fallback is { } fallback && channels.TryGetValue(fallback, out var channel)
                && route.To.FirstOrDefault(name => channels.GetValueOrDefault(name) == channel) is { } twin)
            {
                yield return FindingCode.SamePlace.At(
                    $"Routes:{index}:Fallback",
                    $"{fallback} and {twin} are the same channel or webhook: when one can't receive a message, neither can the other.");
            }
        }
    }

    private static IEnumerable<Finding> CheckFallbacks(IReadOnlyList<RouteOptions> routes)
    {
        var fallbacks = new HashSet<(string From, string To)>();
        for (var index = 0; index < routes.Count; index++)
        {
            if (routes[index].Fallback?.ToLowerInvariant() is not { } fallback) continue;
            foreach (var name in routes[index].To.Select(name => name.ToLowerInvariant()))
            {
                // Reported once, at the later of the two routes.
                if (fallbacks.Add((name, fallback)) && fallbacks.Contains((fallback, name)))
                {
                    yield return FindingCode.FallbackCycle.At(
                        $"Routes:{index}:Fallback",
                        $"{name} and {fallback} are each other's fallback: when both fail, no one is notified.",
                        "Use a third destination as the fallback of one of them, or set Delivery:AlertTo.");
                }
            }
        }
    }

    private IDestinationType TypeOf(DestinationOptions options) => types.First(type => type.Name == options.Type);

    // Loopback is allowed for local tests.
    private static string? HostOf(DestinationOptions options)
    {
        var text = options.Type == "slack" ? options.ApiUrl : options.Url?.Reveal();
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && !address.IsLoopback ? address.IdnHost.ToLowerInvariant() : null;
    }
}
