using DefectNotifier.Rendering;
using DefectNotifier.Routing;

namespace DefectNotifier.Worker.Linting;

/// <summary>Which template sets, platforms and event names the routes ask for.</summary>
/// <param name="routes">The routes.</param>
/// <param name="platforms">The platforms that there are destinations of.</param>
internal sealed class TemplateReach(IReadOnlyList<RouteOptions> routes, IReadOnlyCollection<ChatPlatform> platforms)
{
    private const string NoticePrefix = "notifier.";

    public IReadOnlyList<string> Sets { get; } = [.. routes.Select(route => route.TemplateSet).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>The set that a folder belongs to, and the platform; both null for the common templates.</summary>
    public static (string? Set, ChatPlatform? Platform) Read(string folder)
    {
        var parts = folder.Split('/', StringSplitOptions.RemoveEmptyEntries);
        ChatPlatform? platform = parts is [.., var last] ? last.ToLowerInvariant() switch { "slack" => ChatPlatform.Slack, "teams" => ChatPlatform.Teams, _ => null } : null;
        return (parts.Length > (platform is null ? 0 : 1) ? parts[0] : null, platform);
    }

    public bool Has(string set) => Sets.Contains(set, StringComparer.OrdinalIgnoreCase);

    /// <summary>True when an event of that name may be told with this set's templates, or, without a set, with the common ones.</summary>
    public bool Asks(string? set, string eventName) =>
        // What the service tells of itself goes by no route.
        eventName.StartsWith(NoticePrefix, StringComparison.OrdinalIgnoreCase)
        || routes.Any(route => (set is null || string.Equals(route.TemplateSet, set, StringComparison.OrdinalIgnoreCase)) && RouteCover.MayTake(route, eventName));

    public bool Asks(ChatPlatform platform) => platforms.Contains(platform);
}
