using System.Text;
using System.Text.Json;
using DefectNotifier.Worker.Operations;

namespace DefectNotifier.Worker.Commands;

/// <summary><c>outbox show</c>.</summary>
internal static class ShowCommand
{
    public static Task<int> RunAsync(string? configFile, long deliveryId, bool wantsMessage, bool asJson, CancellationToken stop) =>
        DeskAccess.RunAsync(configFile, desk => wantsMessage ? ShowMessageAsync(desk, deliveryId, stop) : ShowAsync(desk, deliveryId, asJson, stop), stop);

    private static async Task<int> ShowMessageAsync(IDesk desk, long deliveryId, CancellationToken stop)
    {
        var (message, problem) = await desk.ReadMessageAsync(deliveryId, stop);
        if (message is null) return Refusals.Tell(problem!);
        Terminal.WriteJson(Encoding.UTF8.GetString(message));
        return ExitCodes.Ok;
    }

    private static async Task<int> ShowAsync(IDesk desk, long deliveryId, bool asJson, CancellationToken stop)
    {
        var (story, problem) = await desk.FindAsync(deliveryId, stop);
        if (story is null) return Refusals.Tell(problem!);
        if (asJson) Terminal.WriteJson(JsonSerializer.Serialize(story, OperationsJson.Readable.DeliveryStory));
        else if (Terminal.IsQuiet) Terminal.WriteLine(story.Delivery.State);
        else Terminal.WriteLines(new StoryText(await desk.ReadLanesAsync(stop), TimeProvider.System.GetUtcNow()).Of(story));
        return ExitCodes.Ok;
    }
}
