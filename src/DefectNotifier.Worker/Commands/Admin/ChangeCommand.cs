using System.Text.Json;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary><c>outbox retry</c> and <c>outbox discard</c>: by the numbers of deliveries, or by conditions. Either way the JSON is one <see cref="BulkResult"/>.</summary>
internal static class ChangeCommand
{
    private const int MaxNamed = 20;

    public static async Task<int> RunAsync(string? configFile, IDeliveryAction change, IReadOnlyList<long> ids, BulkRequest request, bool isSure, bool asJson, CancellationToken stop)
    {
        if (ids.Count > 0 == request.HasCondition)
        {
            Output.WriteError("Name either deliveries by their numbers, or at least one of --state, --event, --destination, --reason, --project, --since.");
            return ExitCodes.BadArguments;
        }

        return await OutboxAdminAccess.RunAsync(configFile, admin => ids.Count > 0 ? ByIdAsync(admin, change, ids, request.DryRun, asJson, stop) : ByConditionAsync(admin, change, request, isSure, asJson, stop), stop);
    }

    private static async Task<int> ByIdAsync(IOutboxAdmin admin, IDeliveryAction change, IReadOnlyList<long> ids, bool dryRun, bool asJson, CancellationToken stop)
    {
        var (exitCode, changed) = (ExitCodes.Ok, new List<long>());
        foreach (var id in ids)
        {
            var (done, problem) = await change.ApplyAsync(admin, id, dryRun, stop);
            if (done is null)
            {
                exitCode = Refusals.Tell(problem!);
                continue;
            }

            changed.Add(id);
            if (!asJson) Output.Remark($"Delivery {id} to {done.Destination}, which {(dryRun ? "is" : "was")} {done.Before}, {(dryRun ? "would be" : "is")} {change.Outcome}.");
        }

        if (asJson) Write(new BulkResult(dryRun, changed, ids.Count - changed.Count, 0));
        return exitCode;
    }

    private static async Task<int> ByConditionAsync(IOutboxAdmin admin, IDeliveryAction change, BulkRequest request, bool isSure, bool asJson, CancellationToken stop)
    {
        var (would, problem) = await change.ApplyAsync(admin, request with { DryRun = true }, stop);
        if (would is null) return Refusals.Tell(problem!);
        var count = would.Changed.Count + would.Remaining;
        if (would.Refused > 0) Output.WriteWarning($"{Deliveries(would.Refused)} found for which it can't be done: see each with outbox show.");
        if (count == 0)
        {
            if (asJson) Write(would with { DryRun = request.DryRun });
            if (would.Refused > 0) return ExitCodes.Failed;
            if (!asJson) Output.Remark("There is no such delivery.");
            return ExitCodes.Ok;
        }

        if (request.DryRun || (count > 1 && !isSure))
        {
            if (asJson && request.DryRun) Write(would);
            if (!asJson) Output.Remark($"{Deliveries(count)} would be {change.Outcome}: {string.Join(' ', would.Changed.Take(MaxNamed))}{(count > MaxNamed ? " ..." : "")}");
            if (request.DryRun) return would.Refused > 0 ? ExitCodes.Failed : ExitCodes.Ok;
            Output.WriteError("Nothing was done; --yes does it.");
            return ExitCodes.BadArguments;
        }

        return await ApplyAllAsync(admin, change, request, asJson, stop);
    }

    // One call changes a thousand at most. A call that changes nothing ends it: then others are at it too.
    private static async Task<int> ApplyAllAsync(IOutboxAdmin admin, IDeliveryAction change, BulkRequest request, bool asJson, CancellationToken stop)
    {
        var (changed, refused) = (new List<long>(), 0);
        while (true)
        {
            var (done, problem) = await change.ApplyAsync(admin, request, stop);
            changed.AddRange(done?.Changed ?? []);
            // Not the sum: what one call refuses the next one finds again.
            refused = Math.Max(refused, done?.Refused ?? 0);
            if (done is { Remaining: > 0, Changed.Count: > 0 }) continue;
            if (asJson) Write(new BulkResult(DryRun: false, changed, refused, done?.Remaining ?? 0));
            else Output.Remark($"{Deliveries(changed.Count)}: {change.Outcome}.");
            return done is null ? Refusals.Tell(problem!) : End(refused, done.Remaining);
        }
    }

    private static int End(int refused, int remaining)
    {
        if (remaining > 0) Output.WriteWarning($"{Deliveries(remaining)} found besides: not changed, since others are at them too. Do it again.");
        return refused > 0 || remaining > 0 ? ExitCodes.Failed : ExitCodes.Ok;
    }

    private static void Write(BulkResult response) => Output.WriteJson(JsonSerializer.Serialize(response, OperationsJson.Readable.BulkResult));

    private static string Deliveries(int count) => count == 1 ? "1 delivery" : $"{count} deliveries";
}
