using System.Text.Json;
using DefectNotifier.Worker.Operations;

namespace DefectNotifier.Worker.Commands;

/// <summary><c>outbox why</c>.</summary>
internal static class WhyCommand
{
    public static Task<int> RunAsync(string? configFile, string eventId, bool asJson, CancellationToken stop) => DeskAccess.RunAsync(configFile, async desk =>
    {
        var (story, problem) = await desk.FindEventAsync(eventId, stop);
        if (story is null) return await Refusals.TellAsync(problem!);
        Console.Write(asJson
            ? TerminalText.Json(JsonSerializer.Serialize(story, OperationsJson.Readable.StoredEvent)) + Environment.NewLine
            : new StoryText(await desk.ReadLanesAsync(stop), TimeProvider.System.GetUtcNow()).Of(story));
        return ExitCodes.Ok;
    }, stop);
}
