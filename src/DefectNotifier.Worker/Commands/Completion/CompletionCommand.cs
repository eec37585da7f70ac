using System.CommandLine;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Completion;

/// <summary>
/// <c>completion</c>: a script that has a shell complete this program's command line. System.CommandLine answers the question (the <c>[suggest]</c> directive); what asks it
/// would else be the tool dotnet-suggest, which must be installed besides and knows no fish.
/// </summary>
internal static class CompletionCommand
{
    private const string Standard = "DefectNotifier.Worker";

    public static Command Build()
    {
        var shell = new Argument<string>("SHELL") { Description = $"{string.Join(", ", CompletionScripts.Shells)}." };
        shell.AcceptOnlyFromAmong([.. CompletionScripts.Shells]);
        var name = new Option<string>("--name") { Description = $"The word that you type to run the program; default {Standard}.", HelpName = "NAME", DefaultValueFactory = _ => Standard };
        name.Validators.Add(result =>
        {
            if (!CompletionScripts.IsName(result.GetValueOrDefault<string>())) result.AddError("--name has only letters, digits, '-', '_' and '.'.");
        });
        var command = new Command("completion", "Write a script for your shell that completes commands, options, destinations, events, states and severities.") { shell, name };
        command.SetAction(parsed =>
        {
            Output.Out.Profile.Out.Writer.Write(CompletionScripts.Of(parsed.GetValue(shell)!, parsed.GetValue(name)!, Program(Environment.ProcessPath ?? "dotnet", AppContext.BaseDirectory)));
            return ExitCodes.Ok;
        });
        return command;
    }

    /// <summary>The words that run it once more as it runs now: by itself, under whatever name, or by the dotnet command.</summary>
    /// <param name="process">The process's file.</param>
    /// <param name="folder">The program's folder.</param>
    internal static IReadOnlyList<string> Program(string process, string folder) =>
        Path.GetFileNameWithoutExtension(process).Equals("dotnet", StringComparison.OrdinalIgnoreCase) ? [process, Path.Combine(folder, Standard + ".dll")] : [process];
}
