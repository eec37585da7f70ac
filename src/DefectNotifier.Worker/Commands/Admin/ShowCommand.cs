using System.Text;
using System.Text.Json;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary><c>outbox show</c>.</summary>
internal static class ShowCommand
{
    public static Task<int> RunAsync(string? configFile, long deliveryId, bool wantsMessage, bool asJson, CancellationToken stop) =>
        OutboxAdminAccess.RunAsync(configFile, admin => wantsMessage ? ShowMessageAsync(admin, deliveryId, stop) : ShowAsync(admin, deliveryId, asJson, stop), stop);

    private static async Task<int> ShowMessageAsync(IOutboxAdmin admin, long deliveryId, CancellationToken stop)
    {
        var (message, problem) = await admin.ReadMessageAsync(deliveryId, stop);
        if (message is null) return Refusals.Tell(problem!);
        Output.WriteJson(Encoding.UTF8.GetString(message));
        return ExitCodes.Ok;
    }

    private static async Task<int> ShowAsync(IOutboxAdmin admin, long deliveryId, bool asJson, CancellationToken stop)
    {
        var (timeline, problem) = await admin.FindAsync(deliveryId, stop);
        if (timeline is null) return Refusals.Tell(problem!);
        if (asJson) Output.WriteJson(JsonSerializer.Serialize(timeline, OperationsJson.Readable.DeliveryTimeline));
        else if (Output.IsQuiet) Output.WriteLine(timeline.Delivery.State);
        else Output.WriteLines(new TimelineText(await admin.ReadLanesAsync(stop), TimeProvider.System.GetUtcNow()).Of(timeline));
        return ExitCodes.Ok;
    }
}
