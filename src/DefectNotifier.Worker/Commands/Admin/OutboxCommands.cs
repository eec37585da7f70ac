using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary><c>outbox</c>: shows deliveries, retries or discards them, and checks the file.</summary>
internal static class OutboxCommands
{
    public static Command Build(Option<string?> config) => new(
        "outbox", "Show, retry and discard deliveries, and check the file. Works while the service is running and while it is stopped.")
    {
        ListCommand.Build(config),
        ShowCommand.BuildShow(config),
        WhyCommand.Build(config),
        ChangeCommand.BuildRetry(config),
        ChangeCommand.BuildDiscard(config),
        ResumeCommand.Build(config),
        IntegrityCommand.Build(config),
    };

    public static Option<bool> JsonOption() => CommandOptions.Flag("--json", "Write JSON, in the format of the operations API.");

    /// <summary>Writes the value of a result as JSON or as text, or reports its problem.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> WriteAsync<T>(AdminResult<T> result, bool asJson, JsonTypeInfo<T> type, Func<T, Task> writeText)
        where T : class
    {
        if (result.Value is not { } value) return CommandErrors.Report(result.Problem!);
        if (asJson) Output.WriteJson(value, type);
        else await writeText(value);
        return ExitCodes.Ok;
    }
}
