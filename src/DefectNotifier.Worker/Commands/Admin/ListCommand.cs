using System.CommandLine;
using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary><c>outbox list</c>.</summary>
internal static class ListCommand
{
    private static readonly string[] Titles = ["ID", "STATE", "REASON", "DESTINATION", "DEFECT", "EVENT", "RECEIVED", "TRIES"];

    public static Command Build(Option<string?> config)
    {
        var limit = CommandOptions.Text("--limit", "N", "The maximum number of deliveries: 1 to 500, default 50.");
        var before = CommandOptions.Text(
            "--before", "DELIVERY_ID", "Only deliveries with a smaller number: continues where the previous list ended.");
        var json = OutboxCommands.JsonOption();
        var conditions = new OutboxConditions(config);
        var command = new Command(
            "list",
            "List deliveries, newest first; without conditions, those that are dead or held, and what waits if there are none.")
        {
            limit, before, json,
        };
        conditions.AddTo(command);
        command.SetAction((parsed, stop) =>
        {
            var filter = conditions.Filter(parsed) with { Limit = parsed.GetValue(limit), Before = parsed.GetValue(before) };
            var words = StateWords.Read(parsed.GetValue(conditions.State));
            return RunAsync(parsed.GetValue(config), words, filter, parsed.GetValue(json), stop);
        });
        return command;
    }

    private static Task<int> RunAsync(
        string? configFile, AdminResult<StateWords> words, DeliveryFilter filter, bool asJson, CancellationToken stop)
    {
        if (words.Value is not { } states) return Task.FromResult(CommandErrors.ReportOption(words.Problem!));
        if (states.IsUnrouted)
        {
            // An unrouted event has no delivery.
            var events = new EventFilter { Project = filter.Project, Since = filter.Since, Limit = filter.Limit };
            return EventCommands.ListAsync(configFile, events with { State = EventFilter.Unrouted }, asJson, stop);
        }

        var read = new FilterReader(TimeProvider.System.GetUtcNow()).Read(filter with { State = states.Words });
        if (read.Value is not { } query) return Task.FromResult(CommandErrors.ReportOption(read.Problem!));
        return OutboxAdminAccess.RunAsync(configFile, async admin =>
        {
            var lanes = await admin.ReadLanesAsync(stop);
            var parked = states.IsParked ? lanes.Where(IsParked).Select(lane => lane.Destination).ToList() : null;
            var found = await ReadAsync(admin, query, parked, stop);
            return await OutboxCommands.WriteAsync(found, asJson, OperationsJson.Readable.DeliveryPage, async page =>
            {
                if (Output.IsQuiet) foreach (var one in page.Deliveries) Output.WriteLine(one.Id.ToString());
                else if (page.Deliveries.Count == 0 && states.Words is [] or null) await ShowWaitingAsync(admin, query, stop);
                else if (page.Deliveries.Count == 0) Output.WriteNote("No matching deliveries.");
                else Show(page, states, lanes);
                if (page.Deliveries.Count == 0) OutboxCommands.NoteUnknown(query.Destination, lanes);
            });
        }, stop);
    }

    // While the service is stopped, the reason is why the destination was paused before.
    private static bool IsParked(LaneStatus lane) =>
        lane.State == LaneActivity.Parked || lane is { State: LaneActivity.Stopped, Reason: not null };

    // A page may hold fewer deliveries than the limit even when there are more: read on until the limit.
    private static async Task<AdminResult<DeliveryPage>> ReadAsync(
        IOutboxAdmin admin, DeliveryQuery query, IReadOnlyList<string>? destinations, CancellationToken stop)
    {
        var found = new List<ListedDelivery>();
        while (true)
        {
            var (page, problem) = await admin.ListAsync(query with { Limit = query.Limit - found.Count }, stop);
            if (page is null) return problem!;
            found.AddRange(page.Deliveries.Where(
                one => destinations?.Contains(one.Destination, StringComparer.OrdinalIgnoreCase) ?? true));
            if (page.Next is null || found.Count >= query.Limit) return new DeliveryPage(found, page.Next);
            query = query with { BeforeId = page.Next };
        }
    }

    private static async Task ShowWaitingAsync(IOutboxAdmin admin, DeliveryQuery query, CancellationToken stop)
    {
        Output.WriteNote("No delivery is dead or held.");
        if ((await admin.ReadStatusAsync(stop)).Value is { } status) Output.WriteLines(WaitingText.Of(status, query.Destination));
    }

    private static void Show(DeliveryPage page, StateWords states, IReadOnlyList<LaneStatus> lanes)
    {
        var table = new TextTable(Titles) { Flexible = ["DESTINATION", "EVENT"] };
        foreach (var one in page.Deliveries)
        {
            var isPending = one.State == DeliveryState.Pending;
            // What keeps a pending delivery waiting is known of its destination only.
            var reason = isPending ? OutboxCommands.Find(one.Destination, lanes)?.Reason : one.Reason;
            table.Add(
                TerminalStyle.OfState(one.State),
                one.Id.ToString(), isPending ? states.Pending : one.State.Word(), reason?.Word(), one.Destination,
                EventText.DefectOf(one.EventName, one.ProjectCode, one.SubjectId), one.EventName, TimeText.Short(one.ReceivedAt),
                one.Attempts.ToString());
        }

        table.Write();
        if (page.Next is null) return;
        Output.WriteNote("");
        Output.WriteNote($"There are more: pass --before {page.Next} to continue.");
    }
}
