using System.CommandLine;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Hosting;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary><c>outbox schema</c>.</summary>
internal static class SchemaCommand
{
    public static Command Build(Option<string?> config)
    {
        var from = CommandOptions.Text(
            "--from", "VERSION", "The version of the present tables, for the SQL that changes them; default 0: there are none.");
        var command = new Command(
            "schema", "Print the SQL of the tables of an outbox on PostgreSQL, for an administrator who runs it. No database is needed.")
        {
            from,
        };
        command.SetAction((parsed, _) => CommandErrors.CatchAsync(
            () => Task.FromResult(Print(parsed.GetValue(config), parsed.GetValue(from)))));
        return command;
    }

    private static int Print(string? configFile, string? from)
    {
        var known = OutboxEngine.SchemaVersion;
        var version = 0;
        if (from is not null && (!int.TryParse(from, out version) || version < 0 || version > known))
            throw new CommandException($"--from: '{from}' is not a version from 0 to {known}.");
        using var components = new ChatComponents(TimeProvider.System);
        var settings = CommandSettings.ReadWithErrors(configFile, components);
        if (version == known) Output.WriteNote($"-- The tables need no change: {known} is the version of this program.");
        else foreach (var line in OutboxEngine.SchemaSqlOf(settings, version).Split('\n')) Output.WriteLine(line);
        return ExitCodes.Ok;
    }
}
