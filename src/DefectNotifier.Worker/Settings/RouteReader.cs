using DefectNotifier.Chat.TextViews;
using DefectNotifier.Events;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Commands;
using DefectNotifier.Worker.Commands.Setup;

namespace DefectNotifier.Worker.Settings;

/// <summary>Reads <c>Routes</c> and checks them against the destinations and the template sets.</summary>
internal sealed class RouteReader(TemplateOptions templates)
{
    public IReadOnlyList<RouteOptions> Read(SettingsSection section, IReadOnlyList<string> destinations)
    {
        section.RejectValue("a list of routes");
        var names = destinations.ToDictionary(name => name, StringComparer.OrdinalIgnoreCase);
        var routes = section.Children().Select(child => ReadOne(child.Section, names)).ToList();
        if (routes.Count == 0 && destinations.Count > 0)
            section.Error("", "is empty, so no event would go anywhere. A last route with only To takes everything.");
        return routes;
    }

    private RouteOptions ReadOne(SettingsSection section, Dictionary<string, string> destinations)
    {
        var route = new RouteOptions
        {
            ProjectCodes = section.Filter("ProjectCodes"),
            Events = section.Filter("Events"),
            Severities = section.Filter("Severities"),
            MinSeverity = section.Text("MinSeverity"),
            To = section.Texts("To"),
            Continue = section.Flag("Continue", false),
            TemplateSet = section.Text("TemplateSet"),
            MaxAge = section.Text("MaxAge") is null ? null : section.Duration("MaxAge", default, TimeSpan.FromMinutes(1), TimeSpan.FromDays(365)),
            Fallback = section.Destination("Fallback", destinations.Keys),
            MessageMode = section.Choice("MessageMode", MessageMode.ThreadAndUpdate),
            Broadcast = section.Choice("Broadcast", BroadcastWhen.Never),
            FallbackAfter = section.Duration("FallbackAfter", new RouteOptions().FallbackAfter, TimeSpan.FromSeconds(1), TimeSpan.FromDays(30)),
        };
        CheckFallback(section, route);
        section.RejectUnknownKeys();
        CheckDestinations(section, route, destinations);
        CheckSeverities(section, route);
        CheckTemplateSet(section, route);
        // In the outbox a destination has one spelling: the one under Destinations.
        return route with { To = [.. route.To.Select(name => destinations.GetValueOrDefault(name, name))] };
    }

    private static void CheckDestinations(SettingsSection section, RouteOptions route, Dictionary<string, string> destinations)
    {
        if (route.To.Count == 0) section.Error("To", "is empty; a route names at least one destination.");
        for (var index = 0; index < route.To.Count; index++)
        {
            if (!destinations.ContainsKey(route.To[index]))
                section.Error($"To:{index}", $"names destination '{route.To[index]}', which does not exist.{Suggestion.For(route.To[index], destinations.Keys)}");
        }
    }

    private static void CheckFallback(SettingsSection section, RouteOptions route)
    {
        if (route.Fallback is null && section.Text("FallbackAfter") is not null) section.Error("FallbackAfter", "says when Fallback is told, but there is no Fallback.");
        if (route.Fallback is { } fallback && route.To.Contains(fallback, StringComparer.OrdinalIgnoreCase))
            section.Error("Fallback", $"'{fallback}' is in To as well; a destination in trouble can't tell of its own.");
    }

    private static void CheckSeverities(SettingsSection section, RouteOptions route)
    {
        var slugs = Severity.Known.Select(severity => severity.Slug).ToList();
        for (var index = 0; index < route.Severities.Count; index++)
        {
            if (!Severity.TryParseKnown(route.Severities[index], out _))
                section.Error($"Severities:{index}", $"'{route.Severities[index]}' is not one of {string.Join(", ", slugs)}.{Suggestion.For(route.Severities[index], slugs)}");
        }

        if (route.MinSeverity is { } least && !(Severity.TryParseKnown(least, out var severity) && severity.Rank is not null))
            section.Error("MinSeverity", $"'{least}' is not one of {string.Join(", ", slugs.Skip(1))}.{Suggestion.For(least, slugs.Skip(1))}");
    }

    private void CheckTemplateSet(SettingsSection section, RouteOptions route)
    {
        if (route.TemplateSet is not { } set) return;
        var isName = set.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_');
        if (!isName || set.ToLowerInvariant() is "slack" or "teams")
            section.Error("TemplateSet", $"'{set}' can't be the name of a set: letters, digits, '-' and '_', and neither slack nor teams.");
        else if (!Directory.Exists(Path.Combine(templates.Path, set)))
            section.Error("TemplateSet", $"names set '{set}', but there is no folder '{set}' in '{templates.Path}'.");
    }
}
