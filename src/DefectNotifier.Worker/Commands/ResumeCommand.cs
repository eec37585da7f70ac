using System.Text.Json;
using DefectNotifier.Worker.Operations;

namespace DefectNotifier.Worker.Commands;

/// <summary><c>outbox resume</c>.</summary>
internal static class ResumeCommand
{
    public static Task<int> RunAsync(string? configFile, string destination, bool asJson, CancellationToken stop) => OutboxAdminAccess.RunAsync(configFile, async admin =>
    {
        var (resumed, problem) = await admin.ResumeAsync(destination, stop);
        if (resumed is null) return Refusals.Tell(problem!);
        if (asJson) Terminal.WriteJson(JsonSerializer.Serialize(resumed, OperationsJson.Readable.ResumeResponse));
        else Terminal.Remark($"{resumed.Destination}: {resumed.Detail}");
        return ExitCodes.Ok;
    }, stop);
}
