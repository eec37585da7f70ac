using System.CommandLine;
using System.Text.Json;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Hosting;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Settings;
using DefectNotifier.Worker.Terminal;
using Spectre.Console;

namespace DefectNotifier.Worker.Commands.Previews;

/// <summary>
/// <c>route</c>: shows where an event would be sent, and why. An event that no route takes is a valid result, not a failure.
/// </summary>
internal sealed class RouteCommand
{
    private readonly EventOptions _event = new(isRequired: false);

    private readonly Option<string?> _name =
        CommandOptions.Text("--event-name", "NAME", "Use this event name; without --event, its sample is used.");

    private readonly Option<string[]> _announced = new("--announced")
    {
        Description = "A destination in which the defect was announced before, and which receives its later events. Can be repeated.",
        HelpName = "DESTINATION",
    };

    private readonly Option<string?> _at =
        CommandOptions.Text("--at", "TIME", "Route it at this time, such as 2026-03-14T23:00:00Z; default: now. Quiet hours may defer it.");

    private readonly Option<bool> _json = CommandOptions.Flag("--json", "Write JSON.");
    private readonly Option<string?> _config;

    private RouteCommand(Option<string?> config)
    {
        _config = config;
        _name.CompletionSources.Add(_ => SampleEvents.Names);
    }

    public static Command Build(Option<string?> config)
    {
        var route = new RouteCommand(config);
        var command = new Command("route", "Show where an event would be sent, and why each route matches or not. Nothing is sent.")
        {
            route._name, route._announced, route._at, route._json,
        };
        route._event.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(route._event.Event) is null && result.GetResult(route._name) is null)
                result.AddError("Pass an event: --event or --event-name.");
        });
        command.SetAction((parsed, stop) =>
        {
            var now = TimeProvider.System.GetUtcNow();
            var reader = new FilterReader(now);
            var at = reader.Time(parsed.GetValue(route._at), "at") ?? now;
            return reader.Problem is { } problem
                ? Task.FromResult(CommandErrors.ReportOption(problem))
                : CommandErrors.CatchAsync(() => route.RunAsync(parsed, at, stop));
        });
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, DateTimeOffset at, CancellationToken stop)
    {
        using var components = new ChatComponents(TimeProvider.System);
        var types = components.DestinationTypes;
        var settings = CommandSettings.Read(parsed.GetValue(_config), components);
        var defectEvent = await ReadEventAsync(parsed, stop);
        var routes = RouteTables.Create(settings, types);
        var defect = _event.DefectOf(parsed, defectEvent);
        var memory = new RoutingMemory(
            defect?.Severity,
            [.. (parsed.GetValue(_announced) ?? []).Select(name => settings.Destination(name, "--announced").Name)]);
        var decision = routes.Plan(defectEvent, memory, at) with { Verdicts = routes.Explain(defectEvent, memory) };
        var asked = defectEvent with { Severity = Severity.Parse(decision.Severity), Title = defectEvent.Title ?? defect?.Title };
        var silences = await FindSilencesAsync(settings, asked, at, stop);
        var destinations = decision.Deliveries.Select(planned => planned.Destination);
        if (parsed.GetValue(_json))
            Output.WriteJson(RouteReport.Of(defectEvent, decision, silences), PreviewJson.Readable.RouteReport);
        else if (Output.IsQuiet) Output.WriteLines(destinations.Select(name => new TerminalLine(name)));
        else
        {
            Show(settings, types, defectEvent, memory, decision);
            if (!decision.IsUnrouted)
                foreach (var one in silences)
                    Output.WriteLine(
                        TerminalText.Line($"{(one.IsDiscarding ? "Discarded" : "Deferred")}: silenced {SilenceText.NoteOf(one)}."),
                        TerminalStyle.Doubtful);
        }

        return ExitCodes.Ok;
    }

    // The silences that match the event at that time; none when there is no outbox.
    private static async Task<IReadOnlyList<Silence>> FindSilencesAsync(
        NotifierSettings settings, DefectEvent asked, DateTimeOffset at, CancellationToken stop)
    {
        if (!OutboxEngine.Exists(settings)) return [];
        try
        {
            var silences = await OutboxEngine.ReadViewAsync(settings, outbox => outbox.ReadSilencesAsync(at, stop));
            return [.. silences.Where(silence => silence.IsActive(at) && silence.Takes(asked))];
        }
        catch (Exception error) when (error is OutboxOpenException or OutboxUnavailableException)
        {
            Output.WriteWarning($"The silences are not known: {error.Message}");
            return [];
        }
    }

    private async Task<DefectEvent> ReadEventAsync(ParseResult parsed, CancellationToken stop)
    {
        var name = parsed.GetValue(_name)?.Trim() is { Length: > 0 } text ? text : null;
        // An event without a sample is based on defect.updated, which has no severity.
        var sample = name is null || SampleEvents.Names.Contains(name, StringComparer.OrdinalIgnoreCase) ? name : "defect.updated";
        var read = await _event.ReadAsync(parsed, sample, stop);
        return name is null ? read : read with { Name = name };
    }

    private static void Show(
        NotifierSettings settings,
        IReadOnlyList<IDestinationType> types,
        DefectEvent defectEvent,
        RoutingMemory memory,
        RoutingDecision decision)
    {
        var tree = TreeOf(settings, types, defectEvent, decision);
        foreach (var name in memory.Announced.Where(name => decision.Deliveries.All(planned => planned.Destination != name)))
            tree.AddNode(Line($"{name}: announced there, but not sent: {WhyNotFollowed(defectEvent)}", TerminalStyle.Subtle));
        Output.WriteUnwrapped(Output.Out, tree);
        if (decision.IsUnrouted) Output.WriteLine("No route matches: nothing would be sent.", new Style(Color.Yellow));
        else
            Output.WriteLine(
                $"Would be sent to {string.Join(", ", decision.Deliveries.Select(planned => planned.Destination))}.", TerminalStyle.Good);
    }

    // The event, the routes in their order, and the destinations of each route.
    private static Tree TreeOf(
        NotifierSettings settings, IReadOnlyList<IDestinationType> types, DefectEvent defectEvent, RoutingDecision decision)
    {
        var project = defectEvent.ProjectCode is { } code ? $"project {code}" : "no project";
        var severity = decision.Severity is { } slug ? $"severity {slug}" : "no severity";
        if (decision.IsSeverityRemembered) severity += " (from earlier events of the defect)";
        var tree = new Tree(Line($"{defectEvent.Name} of {project}, {severity}", TerminalStyle.Heading));
        foreach (var verdict in decision.Verdicts!)
        {
            var route = settings.Routes[verdict.Route];
            var node = tree.AddNode(Line(
                $"route {verdict.Route}: {(verdict.Matched ? "matched" : "skipped")}: {verdict.Reason}", verdict.Matched
                    ? Style.Plain
                    : TerminalStyle.Subtle));
            if (!verdict.Matched) continue;
            foreach (var name in route.To) node.AddNode(Destination(name, verdict.Route, decision, CanChange(settings, types, name)));
            if (route.Continue) node.AddNode(Line("Continue: later routes are checked too", TerminalStyle.Subtle));
        }

        foreach (var planned in decision.Deliveries.Where(planned => planned.Kind != DeliveryKind.Routed))
            tree.AddNode(Line($"{planned.Destination}: {WhyFollowed(planned)}{WhenSent(planned, decision)}", TerminalStyle.Good));
        return tree;
    }

    private static string WhyFollowed(PlannedDelivery planned) => planned.Kind == DeliveryKind.Refresh
        ? "the defect was announced there; its message is updated, and nothing is posted"
        : $"the defect was announced there (settings of route {planned.Route})";

    private static string WhyNotFollowed(DefectEvent defectEvent) => defectEvent.IsDefect
        ? "no route to it with Follow takes this project and event"
        : "the event is not about a defect";

    private static bool CanChange(NotifierSettings settings, IReadOnlyList<IDestinationType> types, string name) =>
        RouteTables.CanChange(settings.Destination(name), types);

    private static Text Destination(string name, int route, RoutingDecision decision, bool canChange)
    {
        var planned = decision.Deliveries.First(one => string.Equals(one.Destination, name, StringComparison.OrdinalIgnoreCase));
        if (planned.Route != route) return Line($"{name}: already taken by route {planned.Route}", TerminalStyle.Subtle);
        var set = planned.TemplateSet is { } templateSet ? $", template set {templateSet}" : "";
        var mode = canChange ? $", message mode {WordOf(planned.MessageMode)}" : "";
        if (canChange && planned.RepeatWithin is { } within)
            mode += $", joins a message about the same title from the last {TimeText.Of(within)}";
        return Line($"{name}{set}{mode}{WhenSent(planned, decision)}", TerminalStyle.Good);
    }

    private static string WhenSent(PlannedDelivery planned, RoutingDecision decision)
    {
        var order = planned.Priority == DeliveryPriority.Urgent ? $", sent before others ({decision.Severity})" : "";
        return planned.Deferral is { } deferral ? $"{order}, deferred until {TimeText.Of(deferral.Until)} by quiet hours" : order;
    }

    // As it is written in the settings.
    private static string WordOf(MessageMode mode) =>
        JsonSerializer.SerializeToElement(mode, PreviewJson.Readable.MessageMode).GetString()!;

    private static Text Line(string text, Style style) => new(TerminalText.Line(text), style);
}
