using System.CommandLine;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary><c>outbox show</c>: the timeline of a delivery.</summary>
internal static class ShowCommand
{
    public static Command BuildShow(Option<string?> config)
    {
        var id = new Argument<long>("DELIVERY_ID") { Description = "The delivery's number, as shown by outbox list." };
        var message = CommandOptions.Flag("--message", "Write only the message that was sent, or would have been sent.");
        var json = OutboxCommands.JsonOption();
        var command = new Command("show", "Show one delivery with all its attempts.") { id, message, json };
        command.SetAction((parsed, stop) => OutboxAdminAccess.RunAsync(
            parsed.GetValue(config),
            admin => parsed.GetValue(message)
                ? ShowMessageAsync(admin, parsed.GetValue(id), stop)
                : ShowDeliveryAsync(admin, parsed.GetValue(id), parsed.GetValue(json), stop),
            stop));
        return command;
    }

    private static async Task<int> ShowMessageAsync(IOutboxAdmin admin, long deliveryId, CancellationToken stop)
    {
        var (message, problem) = await admin.ReadMessageAsync(deliveryId, stop);
        if (message is null) return CommandErrors.Report(problem!);
        if (!message.IsExact)
            Output.WriteWarning("This message is not stored. It was rendered now, with the present templates and state of the defect.");
        Output.WriteJson(message.Json, OperationsJson.Readable.JsonElement);
        return ExitCodes.Ok;
    }

    private static async Task<int> ShowDeliveryAsync(IOutboxAdmin admin, long deliveryId, bool asJson, CancellationToken stop)
    {
        var found = await admin.FindAsync(deliveryId, stop);
        return await OutboxCommands.WriteAsync(found, asJson, OperationsJson.Readable.DeliveryTimeline, async timeline =>
        {
            if (Output.IsQuiet) Output.WriteLine(timeline.Delivery.State.Word());
            else Output.WriteLines((await TimelineTextAsync(admin, stop)).Of(timeline));
        });
    }

    public static async Task<TimelineText> TimelineTextAsync(IOutboxAdmin admin, CancellationToken stop) =>
        new(await admin.ReadLanesAsync(stop), TimeProvider.System.GetUtcNow());
}
