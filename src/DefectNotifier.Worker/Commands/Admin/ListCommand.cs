using System.CommandLine;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary><c>outbox list</c>.</summary>
internal static class ListCommand
{
    private static readonly string[] Titles =
        ["ID", "STATE", "REASON", "DESTINATION", "EVENT", "PROJECT", "DEFECT", "RECEIVED", "ATTEMPTS", "EVENT ID"];

    public static Command Build(Option<string?> config)
    {
        var limit = CommandOptions.Text("--limit", "N", "The maximum number of deliveries: 1 to 500, default 50.");
        var before = CommandOptions.Text(
            "--before", "DELIVERY_ID", "Only deliveries with a smaller number: continues where the previous list ended.");
        var json = OutboxCommands.JsonOption();
        var conditions = new OutboxConditions(config);
        var command = new Command("list", "List deliveries, newest first; without conditions, those that are dead or held.")
        {
            limit, before, json,
        };
        conditions.AddTo(command);
        command.SetAction((parsed, stop) =>
        {
            var filter = conditions.Filter(parsed) with { Limit = parsed.GetValue(limit), Before = parsed.GetValue(before) };
            return RunAsync(parsed.GetValue(config), filter, parsed.GetValue(json), stop);
        });
        return command;
    }

    private static Task<int> RunAsync(string? configFile, DeliveryFilter filter, bool asJson, CancellationToken stop)
    {
        var read = new FilterReader(TimeProvider.System.GetUtcNow()).Read(filter);
        if (read.Value is not { } query) return Task.FromResult(CommandErrors.ReportOption(read.Problem!));
        return OutboxAdminAccess.RunAsync(configFile, async admin =>
        {
            var found = await ReadAsync(admin, query, stop);
            return await OutboxCommands.WriteAsync(found, asJson, OperationsJson.Readable.DeliveryPage, page =>
            {
                if (Output.IsQuiet) foreach (var one in page.Deliveries) Output.WriteLine(one.Id.ToString());
                else Show(page);
                return Task.CompletedTask;
            });
        }, stop);
    }

    // A page may hold fewer deliveries than the limit even when there are more: read on until the limit.
    private static async Task<AdminResult<DeliveryPage>> ReadAsync(IOutboxAdmin admin, DeliveryQuery query, CancellationToken stop)
    {
        var found = new List<ListedDelivery>();
        while (true)
        {
            var (page, problem) = await admin.ListAsync(query with { Limit = query.Limit - found.Count }, stop);
            if (page is null) return problem!;
            found.AddRange(page.Deliveries);
            if (page.Next is null || found.Count >= query.Limit) return new DeliveryPage(found, page.Next);
            query = query with { BeforeId = page.Next };
        }
    }

    private static void Show(DeliveryPage page)
    {
        if (page.Deliveries.Count == 0)
        {
            Output.WriteNote("No matching deliveries.");
            return;
        }

        var table = new TextTable(Titles);
        foreach (var one in page.Deliveries)
        {
            table.Add(
                TerminalStyle.OfState(one.State),
                one.Id.ToString(), one.State.Word(), one.Reason?.Word(), one.Destination, one.EventName, one.ProjectCode,
                one.SubjectId?.ToString(), TimeText.Of(one.ReceivedAt), one.Attempts.ToString(), one.EventId);
        }

        table.Write();
        if (page.Next is null) return;
        Output.WriteNote("");
        Output.WriteNote($"There are more: pass --before {page.Next} to continue.");
    }
}
