using DefectNotifier.Events;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Routing;

namespace DefectNotifier.Worker.Linting;

/// <summary>Which template sets and event names the routes use, and which platforms have a destination.</summary>
internal sealed class TemplateUsage(IReadOnlyList<RouteOptions> routes, IReadOnlyCollection<ChatPlatform> platforms)
{
    public IReadOnlyList<string> Sets { get; } =
        [.. routes.Select(route => route.TemplateSet).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>The template set and the platform of a folder; both null for the common templates.</summary>
    public static (string? Set, ChatPlatform? Platform) Read(string folder)
    {
        var parts = folder.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var platform = ChatPlatforms.Parse(parts.LastOrDefault());
        return (parts.Length > (platform is null ? 0 : 1) ? parts[0] : null, platform);
    }

    public bool UsesSet(string set) => Sets.Contains(set, StringComparer.OrdinalIgnoreCase);

    public bool UsesPlatform(ChatPlatform platform) => platforms.Contains(platform);

    /// <summary>
    /// True when an event with this name can be rendered with the set's templates or, without a set, with the common ones.
    /// </summary>
    public bool UsesEvent(string? set, string eventName) =>
        // The service's own notices are not routed.
        OwnEvents.IsNotice(eventName)
        || routes.Any(route => (set is null || string.Equals(route.TemplateSet, set, StringComparison.OrdinalIgnoreCase))
            && RouteCover.MayTake(route, eventName));
}
