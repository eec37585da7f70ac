using System.CommandLine;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary>
/// <c>outbox retry</c> and <c>outbox discard</c>: for deliveries that are named by number or selected by conditions. With <c>--json</c>,
/// both write one <see cref="BulkResult"/>.
/// </summary>
internal static class ChangeCommand
{
    private const int MaxShown = 20;

    public static Command BuildRetry(Option<string?> config)
    {
        var rendered = CommandOptions.Flag("--rendered", "Send the stored message; without it, the event is rendered again.");
        var command = Build(
            config,
            "retry",
            "Send dead, held or discarded deliveries again, in their original order.",
            parsed => Retry(parsed.GetValue(rendered)));
        command.Options.Add(rendered);
        return command;
    }

    public static Command BuildDiscard(Option<string?> config) => Build(
        config,
        "discard",
        "Never send deliveries that are dead, held or deferred, or that are pending for a destination that was removed from the settings.",
        _ => Discard);

    private static DeliveryAction Discard { get; } = new(
        "discarded",
        (admin, id, dryRun, stop) => admin.DiscardAsync(id, dryRun, stop),
        (admin, request, stop) => admin.DiscardAsync(request, stop));

    private static DeliveryAction Retry(bool asRendered) => new(
        asRendered ? "pending again, with the stored message" : "pending again, to be rendered again",
        (admin, id, dryRun, stop) => admin.RetryAsync(id, asRendered, dryRun, stop),
        (admin, request, stop) => admin.RetryAsync(request with { Rendered = asRendered }, stop));

    private static Command Build(Option<string?> config, string name, string description, Func<ParseResult, DeliveryAction> action)
    {
        var ids = new Argument<long[]>("DELIVERY_ID")
        {
            Description = "The deliveries; alternatively, pass conditions.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var dryRun = CommandOptions.Flag("--dry-run", "Show what would be changed, but change nothing.");
        var yes = CommandOptions.Flag("--yes", "Required when conditions select more than one delivery.");
        var json = OutboxCommands.JsonOption();
        var conditions = new OutboxConditions(config);
        var command = new Command(name, description) { ids, dryRun, yes, json };
        conditions.AddTo(command);
        command.SetAction((parsed, stop) => RunAsync(
            parsed.GetValue(config),
            action(parsed),
            parsed.GetValue(ids) ?? [],
            conditions.Request(parsed) with { DryRun = parsed.GetValue(dryRun) },
            parsed.GetValue(yes),
            parsed.GetValue(json),
            stop));
        return command;
    }

    private static async Task<int> RunAsync(
        string? configFile,
        DeliveryAction action,
        IReadOnlyList<long> ids,
        BulkRequest request,
        bool isConfirmed,
        bool asJson,
        CancellationToken stop)
    {
        if (ids.Count > 0 == request.HasCondition)
        {
            Output.WriteError(
                "Pass either delivery numbers, or at least one of --state, --event, --destination, --reason, --project, --since.");
            return ExitCodes.BadArguments;
        }

        return await OutboxAdminAccess.RunAsync(
            configFile,
            admin => ids.Count > 0
                ? ByIdAsync(admin, action, ids, request.DryRun, asJson, stop)
                : ByConditionAsync(admin, action, request, isConfirmed, asJson, stop),
            stop);
    }

    private static async Task<int> ByIdAsync(
        IOutboxAdmin admin, DeliveryAction action, IReadOnlyList<long> ids, bool dryRun, bool asJson, CancellationToken stop)
    {
        var (exitCode, changed) = (ExitCodes.Ok, new List<long>());
        foreach (var id in ids)
        {
            var (result, problem) = await action.One(admin, id, dryRun, stop);
            if (result is null)
            {
                exitCode = CommandErrors.Report(problem!);
                continue;
            }

            changed.Add(id);
            if (asJson) continue;
            Output.WriteNote(dryRun
                ? $"Delivery {id} to {result.Destination} is {result.Before.Word()} and would be {action.Outcome}."
                : $"Delivery {id} to {result.Destination} was {result.Before.Word()} and is now {action.Outcome}.");
        }

        if (asJson) Write(new BulkResult(dryRun, changed, ids.Count - changed.Count, 0));
        return exitCode;
    }

    private static async Task<int> ByConditionAsync(
        IOutboxAdmin admin, DeliveryAction action, BulkRequest request, bool isConfirmed, bool asJson, CancellationToken stop)
    {
        var (preview, problem) = await action.All(admin, request with { DryRun = true }, stop);
        if (preview is null) return CommandErrors.Report(problem!);
        var count = preview.Changed.Count + preview.Remaining;
        if (preview.Refused > 0) Output.WriteWarning($"{Deliveries(preview.Refused)} can't be changed; use outbox show to see why.");
        if (count == 0)
        {
            if (asJson) Write(preview with { DryRun = request.DryRun });
            if (preview.Refused > 0) return ExitCodes.Failed;
            if (asJson) return ExitCodes.Ok;
            Output.WriteNote("No matching deliveries.");
            OutboxCommands.NoteUnknown(request.Destination, await admin.ReadLanesAsync(stop));
            return ExitCodes.Ok;
        }

        if (!request.DryRun && (count == 1 || isConfirmed)) return await ApplyAllAsync(admin, action, request, asJson, stop);
        if (!asJson)
        {
            var ids = string.Join(' ', preview.Changed.Take(MaxShown));
            Output.WriteNote($"{Deliveries(count)} would be {action.Outcome}: {ids}{(count > MaxShown ? " ..." : "")}");
        }
        else if (request.DryRun)
        {
            Write(preview);
        }

        if (request.DryRun) return preview.Refused > 0 ? ExitCodes.Failed : ExitCodes.Ok;
        Output.WriteError("No changes made. Pass --yes to apply.");
        return ExitCodes.BadArguments;
    }

    // One call changes at most 1,000 deliveries. A call that changes none ends the loop: then someone else is changing the same deliveries.
    private static async Task<int> ApplyAllAsync(
        IOutboxAdmin admin, DeliveryAction action, BulkRequest request, bool asJson, CancellationToken stop)
    {
        var (changed, refused) = (new List<long>(), 0);
        while (true)
        {
            var (result, problem) = await action.All(admin, request, stop);
            changed.AddRange(result?.Changed ?? []);
            // The maximum, not the sum: the next call finds the same refused deliveries again.
            refused = Math.Max(refused, result?.Refused ?? 0);
            if (result is { Remaining: > 0, Changed.Count: > 0 }) continue;
            if (asJson) Write(new BulkResult(DryRun: false, changed, refused, result?.Remaining ?? 0));
            else Output.WriteNote($"{Deliveries(changed.Count)}: {action.Outcome}.");
            return result is null ? CommandErrors.Report(problem!) : ExitCodeOf(refused, result.Remaining);
        }
    }

    private static int ExitCodeOf(int refused, int remaining)
    {
        if (remaining > 0)
            Output.WriteWarning($"{Deliveries(remaining)} not changed, because another process is changing them. Run the command again.");
        return refused > 0 || remaining > 0 ? ExitCodes.Failed : ExitCodes.Ok;
    }

    // Some results combine several calls, so none has the rows.
    private static void Write(BulkResult result) => Output.WriteJson(result with { Results = null }, OperationsJson.Readable.BulkResult);

    private static string Deliveries(int count) => count == 1 ? "1 delivery" : $"{count} deliveries";

    // What is done to one delivery, or to all that match. The outcome is part of messages: "pending again".
    private sealed record DeliveryAction(
        string Outcome,
        Func<IOutboxAdmin, long, bool, CancellationToken, Task<AdminResult<ChangeResult>>> One,
        Func<IOutboxAdmin, BulkRequest, CancellationToken, Task<AdminResult<BulkResult>>> All);
}
