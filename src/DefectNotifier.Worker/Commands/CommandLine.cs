using System.CommandLine;
using DefectNotifier.Worker.Commands.Checking;
using DefectNotifier.Worker.Commands.Completion;
using DefectNotifier.Worker.Commands.Previews;
using DefectNotifier.Worker.Commands.Replaying;
using DefectNotifier.Worker.Commands.Setup;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Commands;

/// <summary>The commands, and how one of them is run.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command to its end.</summary>
    /// <param name="arguments">What was typed after the program's name.</param>
    /// <param name="output">For results.</param>
    /// <param name="error">For errors.</param>
    /// <returns>The exit code; see <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Only the bare result, for scripts.", Recursive = true };
        var parsed = Build(quiet).Parse(arguments);
        Terminal.Use(TerminalSession.Of(output, error, isQuiet: parsed.GetValue(quiet)));
        var exitCode = await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, ProcessTerminationTimeout = null });
        return parsed.Errors.Count > 0 ? ExitCodes.BadArguments : exitCode;
    }

    private static RootCommand Build(Option<bool> quiet)
    {
        var config = new Option<string?>("--config")
        {
            Description = $"The settings file; default {SettingsSources.DefaultFile} in the current folder, when there is one.",
            HelpName = "FILE",
            Recursive = true,
        };
        var once = new Option<bool>("--once") { Description = "Stop after the messages have been shown." };
        var root = new RootCommand("DefectNotifier tells Slack and Microsoft Teams channels about defects in Qase.")
        {
            config,
            quiet,
            Command("serve", "Receive webhooks and tell the chats (the default).", (parsed, stop) => ServeCommand.RunAsync(parsed.GetValue(config), stop)),
            Command("demo", "Show what it does, on this machine alone: no settings, no chat, nothing kept.", (parsed, stop) => DemoCommand.RunAsync(parsed.GetValue(once), stop), once),
            InitCommand.Build(),
            RenderCommand.Build(config),
            RouteCommand.Build(config),
            SendCommand.Build(config),
            CheckCommand.Build(config),
            ReplayCommand.Build(config),
            new OutboxCommands(config).Build(),
            Command("healthcheck", "Ask the running service whether it lives; exit code 0 when it does.", (parsed, stop) => HealthcheckCommand.RunAsync(parsed.GetValue(config), stop)),
            CompletionCommand.Build(),
        };
        root.SetAction((parsed, stop) => ServeCommand.RunAsync(parsed.GetValue(config), stop));
        return root;
    }

    private static Command Command(string name, string description, Func<ParseResult, CancellationToken, Task<int>> run, params IEnumerable<Option> options)
    {
        var command = new Command(name, description);
        foreach (var option in options) command.Options.Add(option);
        command.SetAction(run);
        return command;
    }
}
