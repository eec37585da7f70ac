using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using DefectNotifier.Worker.Commands.Admin;
using DefectNotifier.Worker.Commands.Checking;
using DefectNotifier.Worker.Commands.Completion;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Commands.Previews;
using DefectNotifier.Worker.Commands.Replaying;
using DefectNotifier.Worker.Commands.Serving;
using DefectNotifier.Worker.Commands.Setup;
using DefectNotifier.Worker.Settings;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands;

/// <summary>Parses the command line and runs one command.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Write only the bare result, for scripts.", Recursive = true };
        var parsed = Build(quiet).Parse(arguments);
        Output.Use(TerminalSession.Of(output, error, isQuiet: parsed.GetValue(quiet)));
        var configuration = new InvocationConfiguration { Output = output, Error = error, ProcessTerminationTimeout = null };
        var exitCode = await parsed.InvokeAsync(configuration);
        return parsed.Errors.Count > 0 ? ExitCodes.BadArguments : exitCode;
    }

    internal static RootCommand Build(Option<bool> quiet)
    {
        var config = new Option<string?>("--config")
        {
            Description = $"The settings file; default: {SettingsSources.DefaultFile} in the current folder, if it exists.",
            HelpName = "FILE",
            Recursive = true,
        };
        var root = new RootCommand("DefectNotifier sends messages about Qase defects to Slack and Microsoft Teams channels.")
        {
            config,
            quiet,
            ServeCommand.Build(config),
            DemoCommand.Build(),
            InitCommand.Build(),
            RenderCommand.Build(config),
            RouteCommand.Build(config),
            SendCommand.Build(config),
            CheckCommand.Build(config),
            ReplayCommand.Build(config),
            StatusCommand.Build(config),
            WhyCommand.Build(config),
            EventCommands.Build(config),
            OutboxCommands.Build(config),
            SilenceCommands.Build(config),
            HealthcheckCommand.Build(config),
            CompletionCommand.Build(),
        };
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new NamedHelp((SynchronousCommandLineAction)help.Action!);
        root.SetAction((parsed, stop) => ServeCommand.RunAsync(parsed.GetValue(config), stop));
        return root;
    }

    /// <summary>Shows the name that the documents use, instead of that of the executable, which the root command has.</summary>
    private sealed class NamedHelp(SynchronousCommandLineAction help) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var output = parseResult.InvocationConfiguration.Output;
            using var text = new StringWriter();
            parseResult.InvocationConfiguration.Output = text;
            var exitCode = help.Invoke(parseResult);
            parseResult.InvocationConfiguration.Output = output;
            output.Write(text.ToString().Replace($"  {RootCommand.ExecutableName} ", "  defect-notifier ", StringComparison.Ordinal));
            return exitCode;
        }
    }
}
