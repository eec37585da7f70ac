using System.Text.Json;
using DefectNotifier.Events;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Settings;
using Spectre.Console;

namespace DefectNotifier.Worker.Commands.Previews;

/// <summary>A routing decision as a tree: the event, below it the routes in their order, below those their destinations.</summary>
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
            var node = tree.AddNode(Line($"route {verdict.Route}: {(verdict.Matched ? "matched" : "passed over")}: {verdict.Reason}", verdict.Matched ? Style.Plain : TerminalStyle.Subtle));
            if (!verdict.Matched) continue;
            foreach (var destination in route.To) node.AddNode(Destination(destination, verdict.Route, decision, CanConverse(settings, destination)));
            if (route.Continue) node.AddNode(Line("Continue: later routes are asked too", TerminalStyle.Subtle));
        }

        return tree;
    }

    // The only chat whose messages can be changed.
    private static bool CanConverse(NotifierSettings settings, string name) =>
        settings.Destinations.Any(one => one.Type == "slack" && string.Equals(one.Name, name, StringComparison.OrdinalIgnoreCase));

    private static Text Destination(string name, int route, RoutingDecision decision, bool canConverse)
    {
        var planned = decision.Deliveries.First(candidate => string.Equals(candidate.Destination, name, StringComparison.OrdinalIgnoreCase));
        return planned.Route == route
            ? Line($"{name}{(planned.TemplateSet is { } set ? $", template set {set}" : "")}{(canConverse ? $", thread {WordOf(planned.MessageMode)}" : "")}", TerminalStyle.Good)
            : Line($"{name}: route {planned.Route} has named it already", TerminalStyle.Subtle);
    }

    // As the setting spells it.
    private static string WordOf(MessageMode mode) => JsonSerializer.SerializeToElement(mode, PreviewJson.Readable.MessageMode).GetString()!;

    private static Text Line(string text, Style style) => new(TerminalText.Line(text), style);
}
