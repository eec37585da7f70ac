using System.CommandLine;
using System.Text;
using System.Text.Json;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary><c>outbox show</c>.</summary>
internal static class ShowCommand
{
    public static Command Build(Option<string?> config)
    {
        var id = new Argument<long>("DELIVERY_ID") { Description = "The delivery's number, as shown by outbox list." };
        var message = new Option<bool>("--message") { Description = "Write only the message that was sent, or would have been sent." };
        var json = OutboxOptions.Json();
        var command = new Command("show", "Show one delivery with all its attempts.") { id, message, json };
        command.SetAction((parsed, stop) => OutboxAdminAccess.RunAsync(
            parsed.GetValue(config),
            admin => parsed.GetValue(message)
                ? ShowMessageAsync(admin, parsed.GetValue(id), stop)
                : ShowAsync(admin, parsed.GetValue(id), parsed.GetValue(json), stop),
            stop));
        return command;
    }

    private static async Task<int> ShowMessageAsync(IOutboxAdmin admin, long deliveryId, CancellationToken stop)
    {
        var (message, problem) = await admin.ReadMessageAsync(deliveryId, stop);
        if (message is null) return CommandErrors.Report(problem!);
        Output.WriteJson(Encoding.UTF8.GetString(message));
        return ExitCodes.Ok;
    }

    private static async Task<int> ShowAsync(IOutboxAdmin admin, long deliveryId, bool asJson, CancellationToken stop)
    {
        var (timeline, problem) = await admin.FindAsync(deliveryId, stop);
        if (timeline is null) return CommandErrors.Report(problem!);
        if (asJson) Output.WriteJson(JsonSerializer.Serialize(timeline, OperationsJson.Readable.DeliveryTimeline));
        else if (Output.IsQuiet) Output.WriteLine(timeline.Delivery.State);
        else Output.WriteLines(new TimelineText(await admin.ReadLanesAsync(stop), TimeProvider.System.GetUtcNow()).Of(timeline));
        return ExitCodes.Ok;
    }
}
