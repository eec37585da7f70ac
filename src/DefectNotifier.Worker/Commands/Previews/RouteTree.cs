using System.Text.Json;
using DefectNotifier.Events;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Settings;
using DefectNotifier.Worker.Terminal;
using Spectre.Console;

namespace DefectNotifier.Worker.Commands.Previews;

/// <summary>A routing decision as a tree: the event, the routes in their order, and the destinations of each route.</summary>
internal static class RouteTree
{
    public static Tree Of(NotifierSettings settings, DefectEvent defectEvent, RoutingDecision decision)
    {
        var project = defectEvent.ProjectCode is { } code ? $"project {code}" : "no project";
        var severity = defectEvent.Severity is { } known ? $"severity {known.Slug}" : "no severity";
        var tree = new Tree(Line($"{defectEvent.Name} of {project}, {severity}", TerminalStyle.Heading));
        foreach (var verdict in decision.Verdicts!)
        {
            var route = settings.Routes[verdict.Route];
            var node = tree.AddNode(Line(
                $"route {verdict.Route}: {(verdict.Matched ? "matched" : "skipped")}: {verdict.Reason}", verdict.Matched
                    ? Style.Plain
                    : TerminalStyle.Subtle));
            if (!verdict.Matched) continue;
            foreach (var name in route.To) node.AddNode(Destination(name, verdict.Route, decision, SupportsThreads(settings, name)));
            if (route.Continue) node.AddNode(Line("Continue: later routes are checked too", TerminalStyle.Subtle));
        }

        return tree;
    }

    // Slack bots are the only destinations whose messages can be updated.
    private static bool SupportsThreads(NotifierSettings settings, string name) =>
        settings.Destinations.Any(one => one.Type == "slack" && string.Equals(one.Name, name, StringComparison.OrdinalIgnoreCase));

    private static Text Destination(string name, int route, RoutingDecision decision, bool supportsThreads)
    {
        var planned = decision.Deliveries.First(one => string.Equals(one.Destination, name, StringComparison.OrdinalIgnoreCase));
        if (planned.Route != route) return Line($"{name}: already taken by route {planned.Route}", TerminalStyle.Subtle);
        var set = planned.TemplateSet is { } templateSet ? $", template set {templateSet}" : "";
        return Line($"{name}{set}{(supportsThreads ? $", message mode {WordOf(planned.MessageMode)}" : "")}", TerminalStyle.Good);
    }

    // As it is written in the settings.
    private static string WordOf(MessageMode mode) =>
        JsonSerializer.SerializeToElement(mode, PreviewJson.Readable.MessageMode).GetString()!;

    private static Text Line(string text, Style style) => new(TerminalText.Line(text), style);
}
