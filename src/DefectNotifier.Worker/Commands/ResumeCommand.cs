namespace DefectNotifier.Worker.Commands;

/// <summary><c>outbox resume</c>.</summary>
internal static class ResumeCommand
{
    public static Task<int> RunAsync(string? configFile, string destination, CancellationToken stop) => DeskAccess.RunAsync(configFile, async desk =>
    {
        var (resumed, problem) = await desk.ResumeAsync(destination, stop);
        if (resumed is null) return Refusals.Tell(problem!);
        Terminal.Remark($"{resumed.Destination}: {resumed.Detail}");
        return ExitCodes.Ok;
    }, stop);
}
