using System.Text.Json;
using DefectNotifier.Worker.Operations;

namespace DefectNotifier.Worker.Commands;

/// <summary><c>outbox resume</c>.</summary>
internal static class ResumeCommand
{
    public static Task<int> RunAsync(string? configFile, string destination, bool asJson, CancellationToken stop) => DeskAccess.RunAsync(configFile, async desk =>
    {
        var (resumed, problem) = await desk.ResumeAsync(destination, stop);
        if (resumed is null) return Refusals.Tell(problem!);
        if (asJson) Terminal.WriteJson(JsonSerializer.Serialize(resumed, OperationsJson.Readable.ResumeAnswer));
        else Terminal.Remark($"{resumed.Destination}: {resumed.Detail}");
        return ExitCodes.Ok;
    }, stop);
}
