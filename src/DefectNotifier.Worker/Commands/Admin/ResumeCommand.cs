using System.CommandLine;
using DefectNotifier.Worker.Commands.Completion;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary><c>outbox resume</c>.</summary>
internal static class ResumeCommand
{
    public static Command Build(Option<string?> config)
    {
        var name = new Argument<string>("DESTINATION")
        {
            Description = "The destination's name in the settings.",
            // Otherwise the help shows the completions (the names in the settings) instead.
            HelpName = "DESTINATION",
        };
        name.CompletionSources.Add(Completions.Destinations(config));
        var json = OutboxCommands.JsonOption();
        var command = new Command("resume", "Retry a parked destination now instead of at its next regular attempt.") { name, json };
        command.SetAction((parsed, stop) => OutboxAdminAccess.RunAsync(
            parsed.GetValue(config), admin => ResumeAsync(admin, parsed.GetValue(name)!, parsed.GetValue(json), stop), stop));
        return command;
    }

    private static async Task<int> ResumeAsync(IOutboxAdmin admin, string destination, bool asJson, CancellationToken stop)
    {
        var result = await admin.ResumeAsync(destination, stop);
        return await OutboxCommands.WriteAsync(result, asJson, OperationsJson.Readable.ResumeResponse, resumed =>
        {
            Output.WriteNote($"{resumed.Destination}: {resumed.Detail}");
            return Task.CompletedTask;
        });
    }
}
