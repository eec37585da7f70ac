using System.Text.Json;
using DefectNotifier.Outbox;
using DefectNotifier.Worker.Operations;

namespace DefectNotifier.Worker.Commands;

/// <summary><c>outbox list</c>.</summary>
internal static class ListCommand
{
    private static readonly string[] Titles = ["ID", "STATE", "REASON", "DESTINATION", "EVENT", "PROJECT", "DEFECT", "RECEIVED", "TRIES", "EVENT ID"];

    public static Task<int> RunAsync(string? configFile, DeliveryFilter filter, bool asJson, CancellationToken stop)
    {
        var read = new FilterReader(TimeProvider.System.GetUtcNow()).Read(filter);
        if (read.Value is not { } query) return Refusals.TellOptionAsync(read.Problem!);
        return DeskAccess.RunAsync(configFile, async desk =>
        {
            var (page, problem) = await ReadAsync(desk, query, stop);
            if (page is null) return await Refusals.TellAsync(problem!);
            Console.Write(asJson ? TerminalText.Json(JsonSerializer.Serialize(page, OperationsJson.Readable.DeliveryPage)) + Environment.NewLine : Text(page));
            return ExitCodes.Ok;
        }, stop);
    }

    // A page may end early; somebody at a terminal wants them all.
    private static async Task<(DeliveryPage? Page, Problem? Problem)> ReadAsync(IDesk desk, DeliveryQuery query, CancellationToken stop)
    {
        var found = new List<ListedDelivery>();
        while (true)
        {
            var (page, problem) = await desk.ListAsync(query with { Limit = query.Limit - found.Count }, stop);
            if (page is null) return (null, problem);
            found.AddRange(page.Deliveries);
            if (page.Next is null || found.Count >= query.Limit) return (new DeliveryPage(found, page.Next), null);
            query = query with { BeforeId = page.Next };
        }
    }

    private static string Text(DeliveryPage page)
    {
        if (page.Deliveries.Count == 0) return "There is no such delivery." + Environment.NewLine;
        var table = TextTable.Render(Titles, page.Deliveries.Select(one => (IReadOnlyList<string?>)
        [
            one.Id.ToString(), one.State, one.Reason, one.Destination, one.EventName, one.ProjectCode, one.SubjectId?.ToString(), Spans.Words(one.ReceivedAt), one.Attempts.ToString(), one.EventId,
        ]));
        return page.Next is { } next ? $"{table}{Environment.NewLine}There are more: --before {next} goes on.{Environment.NewLine}" : table;
    }
}
