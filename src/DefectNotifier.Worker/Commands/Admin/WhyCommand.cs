using System.Text.Json;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary><c>outbox why</c>.</summary>
internal static class WhyCommand
{
    public static Task<int> RunAsync(string? configFile, string eventId, bool asJson, CancellationToken stop) => OutboxAdminAccess.RunAsync(configFile, async admin =>
    {
        var (timeline, problem) = await admin.FindEventAsync(eventId, stop);
        if (timeline is null) return Refusals.Tell(problem!);
        if (asJson) Output.WriteJson(JsonSerializer.Serialize(timeline, OperationsJson.Readable.StoredEvent));
        else if (Output.IsQuiet) foreach (var delivery in timeline.Deliveries) Output.WriteLine($"{delivery.Id} {delivery.Destination} {delivery.State}");
        else Output.WriteLines(new TimelineText(await admin.ReadLanesAsync(stop), TimeProvider.System.GetUtcNow()).Of(timeline));
        return ExitCodes.Ok;
    }, stop);
}
