using System.CommandLine;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Completion;

/// <summary>
/// <c>completion</c>: writes a shell script that completes the program's command line. The suggestions come from System.CommandLine (the
/// <c>[suggest]</c> directive). Its own client, the tool dotnet-suggest, would have to be installed separately and does not support fish.
/// </summary>
internal static class CompletionCommand
{
    private const string DefaultName = "defect-notifier";

    public static Command Build()
    {
        var shell = new Argument<string>("SHELL") { Description = $"{string.Join(", ", CompletionScripts.Shells)}." };
        shell.AcceptOnlyFromAmong([.. CompletionScripts.Shells]);
        var name = new Option<string>("--name")
        {
            Description = $"The command that you type to run the program; default: {DefaultName}.",
            HelpName = "NAME",
            DefaultValueFactory = _ => DefaultName,
        };
        name.Validators.Add(result =>
        {
            if (!CompletionScripts.IsName(result.GetValueOrDefault<string>()))
                result.AddError("--name may contain only letters, digits, '-', '_' and '.'.");
        });
        var command = new Command(
            "completion", "Write a completion script for your shell: commands, options, destinations, events, states and severities.")
        {
            shell, name,
        };
        command.SetAction(parsed =>
        {
            var program = Program(Environment.ProcessPath ?? "dotnet", AppContext.BaseDirectory);
            Output.Out.Profile.Out.Writer.Write(CompletionScripts.Of(parsed.GetValue(shell)!, parsed.GetValue(name)!, program));
            return ExitCodes.Ok;
        });
        return command;
    }

    /// <summary>The command that runs this program again: its own executable, or the dotnet command with the program's DLL.</summary>
    internal static IReadOnlyList<string> Program(string process, string folder) =>
        Path.GetFileNameWithoutExtension(process).Equals("dotnet", StringComparison.OrdinalIgnoreCase)
            ? [process, Path.Combine(folder, "DefectNotifier.Worker.dll")]
            : [process];
}
