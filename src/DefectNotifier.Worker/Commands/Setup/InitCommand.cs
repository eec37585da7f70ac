using System.CommandLine;
using System.Security.Cryptography;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Hosting;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Setup;

/// <summary><c>init</c>: writes working settings and a copy of the templates.</summary>
internal sealed class InitCommand
{
    private const int SecretBytes = 32;

    private readonly Option<string?> _slackToken =
        CommandOptions.Text("--slack-token", "TOKEN", "The token of a Slack bot (xoxb-...); needs --channel.");

    private readonly Option<string?> _channel =
        CommandOptions.Text("--channel", "ID", "The id of the Slack channel (C...), for --slack-token.");

    private readonly Option<string?> _slackWebhook =
        CommandOptions.Text("--slack-webhook", "URL", "The URL of a Slack incoming webhook.");

    private readonly Option<string?> _teams = CommandOptions.Text("--teams", "URL", "The URL of a Teams workflow.");

    private readonly Option<string[]> _project = new("--project")
    {
        Description = "The code of a Qase project; can be repeated. Default: all projects.",
        HelpName = "CODE",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string> _dir = new("--dir")
    {
        Description = "The folder to write to; default: the current folder.",
        HelpName = "DIR",
        DefaultValueFactory = _ => ".",
    };

    private readonly Option<bool> _yes =
        CommandOptions.Flag("--yes", "Ask no questions; without a chat option, messages are shown in the terminal.");

    private readonly Option<bool> _force = CommandOptions.Flag("--force", "Overwrite existing files.");

    private InitCommand()
    {
    }

    public static Command Build()
    {
        var init = new InitCommand();
        var command = new Command(
            "init",
            "Write a working appsettings.json and a copy of the templates. Asks for missing values; enter secrets there, not as options.")
        {
            init._slackToken, init._channel, init._slackWebhook, init._teams, init._project, init._dir, init._yes, init._force,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(init._slackToken) is null != result.GetResult(init._channel) is null)
                result.AddError("--slack-token and --channel must be used together.");
        });
        command.SetAction((parsed, stop) => CommandErrors.CatchAsync(() => init.RunAsync(parsed, stop)));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var files = new SetupFiles(Path.GetFullPath(parsed.GetValue(_dir)!));
        var existing = files.Existing;
        // Checked before any question is asked.
        if (existing.Count > 0 && !parsed.GetValue(_force))
        {
            var lines = existing.Select(file => $"{file} already exists.").Append("No files written. Pass --force to overwrite them.");
            Output.WriteError(string.Join('\n', lines));
            return ExitCodes.Failed;
        }

        var answers = await AnswersAsync(parsed, stop);
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));
        files.Write(SetupSettings.Write(answers, secret));
        foreach (var file in existing) Output.WriteNote($"Overwrote {file}.");
        Report(files, answers, secret);
        return ExitCodes.Ok;
    }

    private async Task<SetupAnswers> AnswersAsync(ParseResult parsed, CancellationToken stop)
    {
        List<DestinationOptions> destinations = [];
        if (parsed.GetValue(_slackToken) is { } token) destinations.Add(SetupDestinations.SlackBot(token, parsed.GetValue(_channel)));
        if (parsed.GetValue(_slackWebhook) is { } webhook) destinations.Add(SetupDestinations.SlackWebhook(webhook));
        if (parsed.GetValue(_teams) is { } workflow) destinations.Add(SetupDestinations.Teams(workflow));
        var projects = SetupAnswers.SplitProjectCodes(parsed.GetValue(_project) ?? []);
        if (destinations.Count > 0) return new SetupAnswers(destinations, projects);
        if (parsed.GetValue(_yes)) return new SetupAnswers([SetupDestinations.Sandbox], projects);
        if (!Output.IsInteractive)
        {
            throw new CommandException(
                "This terminal is not interactive. Pass --slack-token and --channel, --slack-webhook or --teams; "
                + "or pass --yes to show messages in the terminal.");
        }

        using var components = new ChatComponents(TimeProvider.System);
        return await new SetupQuestions(Output.Out, components.DestinationTypes).AskAsync(projects, stop);
    }

    private static void Report(SetupFiles files, SetupAnswers answers, string secret)
    {
        if (Output.IsQuiet)
        {
            Output.WriteLine(secret);
            return;
        }

        var name = answers.Destinations[0].Name;
        Output.WriteLine(
            $"Wrote {files.Settings} (readable only by its owner, because it contains secrets) and the templates in {files.Templates}.",
            TerminalStyle.Good);
        Output.WriteLine("In Qase, create a webhook in the project's settings.");
        Output.WriteLine("Its URL is the public address of this service with the path /webhooks/qase. Its secret (not shown again):");
        Output.WriteLine($"  {secret}");
        Output.WriteLine($"Start the service in {Path.GetDirectoryName(files.Settings)}.");
        Output.WriteLine($"To preview a message: render --event defect.created --to {name}");
        Output.WriteLine($"To send a test message: send --event defect.created --to {name}");
    }
}
