using System.CommandLine;
using System.Text.Json;
using DefectNotifier.Events;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Settings;
using Spectre.Console;

namespace DefectNotifier.Worker.Commands.Previews;

/// <summary><c>route</c>: where an event would go, and why. That it goes nowhere is a answer too, and no failure.</summary>
internal sealed class RouteCommand
{
    private readonly EventOptions _event = new(isRequired: false);
    private readonly Option<string?> _name = new("--event-name") { Description = "As if it were this event; without --event its sample.", HelpName = "NAME" };
    private readonly Option<bool> _json = new("--json") { Description = "Write JSON." };
    private readonly Option<string?> _config;

    private RouteCommand(Option<string?> config)
    {
        _config = config;
        _name.CompletionSources.Add(_ => SampleEvents.Names);
    }

    public static Command Build(Option<string?> config)
    {
        var route = new RouteCommand(config);
        var command = new Command("route", "Show where an event would go, and why each route takes it or does not. Nothing is sent.") { route._name, route._json };
        route._event.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(route._event.Event) is null && result.GetResult(route._name) is null) result.AddError("Name an event: --event or --event-name.");
        });
        command.SetAction((parsed, stop) => StartErrors.TellAsync(() => route.RunAsync(parsed, stop)));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var settings = CommandSettings.Read(parsed.GetValue(_config));
        var defectEvent = await ReadEventAsync(parsed, stop);
        var routes = new RouteTable(settings.Routes);
        var decision = routes.Plan(defectEvent) with { Verdicts = routes.Explain(defectEvent) };
        if (parsed.GetValue(_json)) Terminal.WriteJson(JsonSerializer.Serialize(RouteReport.Of(defectEvent, decision), PreviewJson.Readable.RouteReport));
        else if (Terminal.IsQuiet) Terminal.WriteLines(decision.Deliveries.Select(planned => new TerminalLine(planned.Destination)));
        else Show(settings, defectEvent, decision);
        return ExitCodes.Ok;
    }

    private async Task<DefectEvent> ReadEventAsync(ParseResult parsed, CancellationToken stop)
    {
        var name = parsed.GetValue(_name)?.Trim() is { Length: > 0 } text ? text : null;
        // Of an event without a sample it is known at least that it carries no severity.
        var standard = name is null || SampleEvents.Names.Contains(name, StringComparer.OrdinalIgnoreCase) ? name : "defect.updated";
        var read = await _event.ReadAsync(parsed, standard, stop);
        return name is null ? read : read with { Name = name };
    }

    private static void Show(NotifierSettings settings, DefectEvent defectEvent, RoutingDecision decision)
    {
        Terminal.WriteUnbroken(Terminal.Out, RouteTree.Of(settings, defectEvent, decision));
        if (decision.IsUnrouted) Terminal.WriteLine("No route takes it, so nothing would be sent.", new Style(Color.Yellow));
        else Terminal.WriteLine($"It would go to {string.Join(", ", decision.Deliveries.Select(planned => planned.Destination))}.", TerminalStyle.Good);
    }
}
