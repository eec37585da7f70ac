using System.Text.Json;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary><c>outbox resume</c>.</summary>
internal static class ResumeCommand
{
    public static Task<int> RunAsync(string? configFile, string destination, bool asJson, CancellationToken stop) => OutboxAdminAccess.RunAsync(configFile, async admin =>
    {
        var (resumed, problem) = await admin.ResumeAsync(destination, stop);
        if (resumed is null) return Refusals.Tell(problem!);
        if (asJson) Output.WriteJson(JsonSerializer.Serialize(resumed, OperationsJson.Readable.ResumeResponse));
        else Output.Remark($"{resumed.Destination}: {resumed.Detail}");
        return ExitCodes.Ok;
    }, stop);
}
