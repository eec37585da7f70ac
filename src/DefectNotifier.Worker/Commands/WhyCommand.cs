using System.Text.Json;
using DefectNotifier.Worker.Operations;

namespace DefectNotifier.Worker.Commands;

/// <summary><c>outbox why</c>.</summary>
internal static class WhyCommand
{
    public static Task<int> RunAsync(string? configFile, string eventId, bool asJson, CancellationToken stop) => DeskAccess.RunAsync(configFile, async desk =>
    {
        var (story, problem) = await desk.FindEventAsync(eventId, stop);
        if (story is null) return Refusals.Tell(problem!);
        if (asJson) Terminal.WriteJson(JsonSerializer.Serialize(story, OperationsJson.Readable.StoredEvent));
        else if (Terminal.IsQuiet) foreach (var delivery in story.Deliveries) Terminal.WriteLine($"{delivery.Id} {delivery.Destination} {delivery.State}");
        else Terminal.WriteLines(new StoryText(await desk.ReadLanesAsync(stop), TimeProvider.System.GetUtcNow()).Of(story));
        return ExitCodes.Ok;
    }, stop);
}
