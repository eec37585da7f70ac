using System.Text.Json;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Operations;

namespace DefectNotifier.Worker.Commands;

/// <summary><c>outbox list</c>.</summary>
internal static class ListCommand
{
    private static readonly string[] Titles = ["ID", "STATE", "REASON", "DESTINATION", "EVENT", "PROJECT", "DEFECT", "RECEIVED", "TRIES", "EVENT ID"];

    public static Task<int> RunAsync(string? configFile, DeliveryFilter filter, bool asJson, CancellationToken stop)
    {
        var read = new FilterReader(TimeProvider.System.GetUtcNow()).Read(filter);
        if (read.Value is not { } query) return Task.FromResult(Refusals.TellOption(read.Problem!));
        return OutboxAdminAccess.RunAsync(configFile, async admin =>
        {
            var (page, problem) = await ReadAsync(admin, query, stop);
            if (page is null) return Refusals.Tell(problem!);
            if (asJson) Terminal.WriteJson(JsonSerializer.Serialize(page, OperationsJson.Readable.DeliveryPage));
            else if (Terminal.IsQuiet) foreach (var one in page.Deliveries) Terminal.WriteLine(one.Id.ToString());
            else Show(page);
            return ExitCodes.Ok;
        }, stop);
    }

    // A page may end early; somebody at a terminal wants them all.
    private static async Task<(DeliveryPage? Page, Problem? Problem)> ReadAsync(IOutboxAdmin admin, DeliveryQuery query, CancellationToken stop)
    {
        var found = new List<ListedDelivery>();
        while (true)
        {
            var (page, problem) = await admin.ListAsync(query with { Limit = query.Limit - found.Count }, stop);
            if (page is null) return (null, problem);
            found.AddRange(page.Deliveries);
            if (page.Next is null || found.Count >= query.Limit) return (new DeliveryPage(found, page.Next), null);
            query = query with { BeforeId = page.Next };
        }
    }

    private static void Show(DeliveryPage page)
    {
        if (page.Deliveries.Count == 0)
        {
            Terminal.Remark("There is no such delivery.");
            return;
        }

        var table = new TextTable(Titles);
        foreach (var one in page.Deliveries)
        {
            table.Add(TerminalStyle.OfState(one.State),
                one.Id.ToString(), one.State, one.Reason, one.Destination, one.EventName, one.ProjectCode, one.SubjectId?.ToString(), Spans.Words(one.ReceivedAt), one.Attempts.ToString(), one.EventId);
        }

        table.Write();
        if (page.Next is null) return;
        Terminal.Remark("");
        Terminal.Remark($"There are more: --before {page.Next} goes on.");
    }
}
