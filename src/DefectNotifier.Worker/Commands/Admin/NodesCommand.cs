using System.CommandLine;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Operations.Status;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary><c>outbox nodes</c>: the nodes that share the outbox, and what each works on.</summary>
internal static class NodesCommand
{
    public static Command Build(Option<string?> config)
    {
        var json = OutboxCommands.JsonOption();
        var command = new Command("nodes", "Show the nodes that share the outbox, and what each works on.") { json };
        command.SetAction((parsed, stop) =>
        {
            var asJson = parsed.GetValue(json);
            return OutboxAdminAccess.RunAsync(parsed.GetValue(config), result => Show(result, asJson), stop);
        });
        return command;
    }

    private static int Show(AdminResult<ServiceStatus> result, bool asJson)
    {
        if (result.Value is not { } status) return CommandErrors.Report(result.Problem!);
        if (asJson) Output.WriteJson(status.Nodes, OperationsJson.Readable.IReadOnlyListNodeStatus);
        else if (status.Nodes.Count > 0)
        {
            StatusText.Nodes(status).Write();
            if (!status.Nodes.Any(node => node.IsKnown))
                Output.WriteLine("The database does not respond. This is the last known state.");
        }
        else Output.WriteLine(status.HasNoNode ? "No node is running." : "The outbox is a file, which only one process uses.");
        return ExitCodes.Ok;
    }
}
