using System.CommandLine;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Commands.Completion;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Terminal;
using Spectre.Console;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary><c>events</c>: lists the accepted events.</summary>
internal static class EventCommands
{
    private const int ShownIdLength = 16;

    private static readonly string[] Titles = ["RECEIVED", "STATE", "DESTINATION", "EVENT", "DEFECT", "TITLE"];

    // What an operator has to see first.
    private static readonly DeliveryState[] Urgency =
    [
        DeliveryState.Dead, DeliveryState.Held, DeliveryState.Pending, DeliveryState.Deferred, DeliveryState.Discarded,
        DeliveryState.Digested, DeliveryState.Delivered,
    ];

    public static Command Build(Option<string?> config) => new(
        "events", "Show the accepted events. Works while the service is running and while it is stopped.")
    {
        BuildList(config),
    };

    private static Command BuildList(Option<string?> config)
    {
        var project = CommandOptions.Text("--project", "CODE", "Only events of this project, with * and ?.");
        var name = CommandOptions.Text("--name", "NAME", "Only events of this name, with * and ?, for example defect.created.");
        var severity = CommandOptions.Text("--severity", "SEVERITY", "Only events of this severity, or of defects with it.");
        var destination = CommandOptions.Text("--destination", "NAME", "Only events with a delivery to this destination.");
        var state = CommandOptions.Text("--state", "STATE", $"Only events with a delivery that is {StateWords.OfEvents}; or unrouted.");
        var reason = CommandOptions.Text("--reason", "REASON", "Only events with a delivery with this reason, for example expired.");
        var source = CommandOptions.Text("--source", "NAME", "Only events that this endpoint received; empty for the default one.");
        var since = CommandOptions.Text("--since", "WHEN", "Only events received since then: 2d, 12h, or 2026-03-14T15:00:00Z.");
        var until = CommandOptions.Text("--until", "WHEN", "Only events received until then, as for --since.");
        var text = CommandOptions.Text("--text", "WORDS", "Only events whose title contains all of these words.");
        var defect = CommandOptions.Text("--defect", "NUMBER", "Only events of the defects with this number.");
        var before = CommandOptions.Text("--before", "N", "Continues where the previous list ended.");
        var limit = CommandOptions.Text("--limit", "N", "The maximum number of events: 1 to 200, default 50.");
        var unrouted = CommandOptions.Flag("--unrouted", "Only events that no route took.");
        var json = OutboxCommands.JsonOption();
        severity.CompletionSources.Add(Completions.Severities);
        destination.CompletionSources.Add(Completions.Destinations(config));
        var command = new Command("list", "List events with the states of their deliveries, newest first.")
        {
            project, name, severity, destination, state, reason, source, since, until, text, defect, before, limit, unrouted, json,
        };
        command.SetAction((parsed, stop) => ListAsync(
            parsed.GetValue(config),
            new EventFilter
            {
                Project = parsed.GetValue(project),
                Name = parsed.GetValue(name),
                Severity = parsed.GetValue(severity),
                Destination = parsed.GetValue(destination),
                State = parsed.GetValue(unrouted) ? EventFilter.Unrouted : StateWords.InRequest(parsed.GetValue(state)),
                Reason = parsed.GetValue(reason),
                Source = parsed.GetValue(source),
                Since = parsed.GetValue(since),
                Until = parsed.GetValue(until),
                Text = parsed.GetValue(text),
                Defect = parsed.GetValue(defect),
                Before = parsed.GetValue(before),
                Limit = parsed.GetValue(limit),
            },
            parsed.GetValue(json),
            stop));
        return command;
    }

    /// <summary>Lists the events that meet these conditions.</summary>
    public static Task<int> ListAsync(string? configFile, EventFilter filter, bool asJson, CancellationToken stop)
    {
        var read = new FilterReader(TimeProvider.System.GetUtcNow()).Read(filter);
        if (read.Value is not { } query) return Task.FromResult(CommandErrors.ReportOption(read.Problem!));
        return OutboxAdminAccess.RunAsync(
            configFile,
            async admin => await OutboxCommands.WriteAsync(
                await ReadAsync(admin, query, stop),
                asJson,
                OperationsJson.Readable.EventSummaryPage,
                async page =>
                {
                    if (Output.IsQuiet) foreach (var one in page.Events) Output.WriteLine(one.Id);
                    else if (page.Events.Count > 0) Show(page);
                    else
                    {
                        Output.WriteNote("No matching events.");
                        if (query.Destination is { } name) OutboxCommands.NoteUnknown(name, await admin.ReadLanesAsync(stop));
                    }
                }),
            stop);
    }

    /// <summary>Reads on until the limit: a page may hold fewer events even when there are more.</summary>
    public static async Task<AdminResult<EventSummaryPage>> ReadAsync(
        IOutboxAdmin admin, EventSummaryQuery query, CancellationToken stop)
    {
        var found = new List<EventSummary>();
        while (true)
        {
            var (page, problem) = await admin.ListEventsAsync(query with { Limit = query.Limit - found.Count }, stop);
            if (page is null) return problem!;
            found.AddRange(page.Events);
            if (page.Next is null || found.Count >= query.Limit) return new EventSummaryPage(found, page.Next);
            query = query with { Before = page.Next };
        }
    }

    private static void Show(EventSummaryPage page)
    {
        var table = new TextTable(Titles) { Flexible = ["DESTINATION", "EVENT", "DEFECT", "TITLE"] };
        foreach (var one in page.Events)
        {
            var state = Urgency.Cast<DeliveryState?>().FirstOrDefault(state => one.Deliveries.Any(delivery => delivery.State == state));
            table.Add(
                state is { } known ? TerminalStyle.OfState(known) : one.IsUnrouted ? TerminalStyle.Doubtful : Style.Plain,
                TimeText.Short(one.ReceivedAt), state?.Word() ?? EventFilter.Unrouted, DestinationsOf(one, state), one.Name,
                EventText.DefectOf(one.Name, one.ProjectCode, one.SubjectId),
                one.Title ?? $"id {StartOf(one.Id)}");
        }

        table.Write();
        Output.WriteNote("");
        if (page.Next is not null) Output.WriteNote($"There are more: pass --before {page.Next} to continue.");
        Output.WriteNote($"Run why {TargetOf(page.Events[0])} to see what happened to the first of them.");
    }

    // The defect as why takes it, or the start of the id: a project code may contain anything.
    private static string TargetOf(EventSummary one) =>
        DefectKey.Of("", one.Name, one.ProjectCode, one.SubjectId) is not null
            && EventText.DefectOf(one.Name, one.ProjectCode, one.SubjectId) is { } defect
            && defect.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_')
                ? defect
                : StartOf(one.Id);

    private static string StartOf(string id) => id[..Math.Min(ShownIdLength, id.Length)];

    // Those in the state that is shown, then the number of the others.
    private static string DestinationsOf(EventSummary one, DeliveryState? state)
    {
        var shown = one.Deliveries.Where(delivery => delivery.State == state).Select(delivery => delivery.Destination).ToList();
        var others = one.Deliveries.Count - shown.Count;
        return string.Join(", ", shown.Distinct()) + (others > 0 ? $" +{others}" : "");
    }
}
