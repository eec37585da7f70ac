using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary><c>outbox</c>: shows deliveries, retries or discards them, and checks or moves the outbox.</summary>
internal static class OutboxCommands
{
    public static Command Build(Option<string?> config) => new(
        "outbox",
        "Show, retry and discard deliveries, and check or move the outbox. Works while the service is running and while it is stopped.")
    {
        ListCommand.Build(config),
        ShowCommand.BuildShow(config),
        WhyCommand.Build(config),
        ChangeCommand.BuildRetry(config),
        ChangeCommand.BuildDiscard(config),
        ResumeCommand.Build(config),
        IntegrityCommand.Build(config),
        NodesCommand.Build(config),
        MoveCommand.Build(config),
        SchemaCommand.Build(config),
    };

    public static Option<bool> JsonOption() => CommandOptions.Flag("--json", "Write JSON, in the format of the operations API.");

    /// <summary>Explains an empty list: the destination that was asked for does not exist.</summary>
    public static void NoteUnknown(string? destination, IReadOnlyList<LaneStatus> lanes)
    {
        if (destination is null || Find(destination, lanes) is not null) return;
        var names = lanes.Select(lane => lane.Destination).ToList();
        foreach (var line in TerminalText.Wrap(AdminProblems.NoDestination(destination, names))) Output.WriteNote(line);
    }

    /// <summary>The lane of a destination; null: it is not configured.</summary>
    public static LaneStatus? Find(string destination, IReadOnlyList<LaneStatus> lanes) =>
        lanes.FirstOrDefault(lane => string.Equals(lane.Destination, destination, StringComparison.OrdinalIgnoreCase));

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
