using System.Text;
using System.Text.Json;
using DefectNotifier.Worker.Operations;

namespace DefectNotifier.Worker.Commands;

/// <summary><c>outbox show</c>.</summary>
internal static class ShowCommand
{
    public static Task<int> RunAsync(string? configFile, long deliveryId, bool wantsMessage, bool asJson, CancellationToken stop) =>
        OutboxAdminAccess.RunAsync(configFile, admin => wantsMessage ? ShowMessageAsync(admin, deliveryId, stop) : ShowAsync(admin, deliveryId, asJson, stop), stop);

    private static async Task<int> ShowMessageAsync(IOutboxAdmin admin, long deliveryId, CancellationToken stop)
    {
        var (message, problem) = await admin.ReadMessageAsync(deliveryId, stop);
        if (message is null) return Refusals.Tell(problem!);
        Terminal.WriteJson(Encoding.UTF8.GetString(message));
        return ExitCodes.Ok;
    }

    private static async Task<int> ShowAsync(IOutboxAdmin admin, long deliveryId, bool asJson, CancellationToken stop)
    {
        var (timeline, problem) = await admin.FindAsync(deliveryId, stop);
        if (timeline is null) return Refusals.Tell(problem!);
        if (asJson) Terminal.WriteJson(JsonSerializer.Serialize(timeline, OperationsJson.Readable.DeliveryTimeline));
        else if (Terminal.IsQuiet) Terminal.WriteLine(timeline.Delivery.State);
        else Terminal.WriteLines(new TimelineText(await admin.ReadLanesAsync(stop), TimeProvider.System.GetUtcNow()).Of(timeline));
        return ExitCodes.Ok;
    }
}
