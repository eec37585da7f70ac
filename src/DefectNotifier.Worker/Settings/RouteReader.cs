using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Routing;

namespace DefectNotifier.Worker.Settings;

/// <summary>Reads <c>Routes</c> and checks them against the destinations and the template sets.</summary>
internal sealed class RouteReader(TemplateOptions templates)
{
    public IReadOnlyList<RouteOptions> Read(SettingsSection section, IReadOnlyList<string> destinations)
    {
        section.RejectValue("a list of routes");
        var routes = section.Children().Select(child => ReadOne(child.Section, destinations)).ToList();
        if (routes.Count == 0 && destinations.Count > 0)
            section.Error("", "is empty, so no event would be delivered. A route with only To matches every event.");
        return routes;
    }

    private RouteOptions ReadOne(SettingsSection section, IReadOnlyList<string> destinations)
    {
        var (defaults, year) = (new RouteOptions(), TimeSpan.FromDays(365));
        var route = new RouteOptions
        {
            ProjectCodes = section.Filter("ProjectCodes"),
            Events = section.Filter("Events"),
            Severities = SeverityReader.ReadFilter(section, "Severities"),
            MinSeverity = SeverityReader.ReadRanked(section, "MinSeverity"),
            To = section.Destinations("To", destinations),
            Continue = section.Flag("Continue", false),
            Follow = section.Flag("Follow", true),
            TemplateSet = section.Text("TemplateSet"),
            MaxAge = section.Text("MaxAge") is null ? null : section.Duration("MaxAge", default, TimeSpan.FromMinutes(1), year),
            Fallback = section.Destination("Fallback", destinations),
            MessageMode = section.Choice("MessageMode", MessageMode.ThreadAndUpdate),
            Broadcast = section.Choice("Broadcast", BroadcastWhen.Never),
            FallbackAfter = section.Duration("FallbackAfter", defaults.FallbackAfter, TimeSpan.FromSeconds(1), TimeSpan.FromDays(30)),
            Digest = section.Flag("Digest", true),
            RepeatWithin = ReadRepeats(section.Section("Repeats")),
            QuietHours = QuietHoursReader.Read(section.Section("QuietHours")),
        };
        CheckFallback(section, route);
        if (route is { RepeatWithin: not null, MessageMode: MessageMode.Post })
            section.Error("Repeats", "has no effect with the MessageMode post. Remove one of the two.");
        section.RejectUnknownKeys();
        if (route.To.Count == 0) section.Error("To", "is empty; a route needs at least one destination.");
        CheckTemplateSet(section, route);
        return route;
    }

    private static TimeSpan? ReadRepeats(SettingsSection section)
    {
        TimeSpan? within = section.Text("Within") is null
            ? null
            : section.Duration("Within", default, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30));
        section.RejectUnknownKeys();
        return within;
    }

    private static void CheckFallback(SettingsSection section, RouteOptions route)
    {
        if (route.Fallback is null && section.Text("FallbackAfter") is not null)
            section.Error("FallbackAfter", "has no effect without Fallback. Set Fallback, or remove FallbackAfter.");
        if (route.Fallback is { } fallback && route.To.Contains(fallback, StringComparer.OrdinalIgnoreCase))
            section.Error("Fallback", $"'{fallback}' is in To as well; a destination that fails cannot report its own failures.");
    }

    private void CheckTemplateSet(SettingsSection section, RouteOptions route)
    {
        if (route.TemplateSet is not { } set) return;
        if (!TemplateSource.IsSetName(set) || ChatPlatforms.Parse(set) is not null)
        {
            section.Error("TemplateSet", $"'{set}' is not a name for a template set: use letters, digits, '-' and '_', and not "
                + $"{string.Join(" or ", ChatPlatforms.Words)}.");
        }
        else if (!Directory.Exists(Path.Combine(templates.Path, set)))
            section.Error("TemplateSet", $"names set '{set}', but there is no folder '{set}' in '{templates.Path}'.");
    }
}
