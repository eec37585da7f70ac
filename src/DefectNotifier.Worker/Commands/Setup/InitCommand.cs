using System.CommandLine;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Commands.Previews;
using DefectNotifier.Worker.Hosting;
using DefectNotifier.Worker.Terminal;
using Spectre.Console;

namespace DefectNotifier.Worker.Commands.Setup;

/// <summary><c>init</c>: writes working settings and a copy of the templates.</summary>
internal sealed class InitCommand
{
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
        CommandOptions.Flag("--yes", "Ask no questions; without a chat option, messages are only shown in the terminal.");

    private readonly Option<bool> _force = CommandOptions.Flag("--force", "Overwrite existing files.");

    private readonly Option<bool> _add = CommandOptions.Flag(
        "--add", "Add a destination and a route to existing settings, whose comments are kept; with --to, a route only.");

    private readonly Option<string[]> _to = new("--to")
    {
        Description = "An existing destination for the route that --add adds; can be repeated.",
        HelpName = "DESTINATION",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _name =
        CommandOptions.Text("--name", "NAME", "The name of the destination; default: slack, slack-webhook or teams.");

    private readonly Option<bool> _test = CommandOptions.Flag("--test", "Send a test message to each new destination at the end.");

    private InitCommand()
    {
    }

    public static Command Build()
    {
        var init = new InitCommand();
        var command = new Command(
            "init",
            "Write a working appsettings.json and a copy of the templates. Asks for missing values. Type tokens and URLs there, where they "
            + "are not shown: as options they are visible in the list of processes and in the shell's history.")
        {
            init._slackToken, init._channel, init._slackWebhook, init._teams, init._project, init._name, init._dir, init._yes, init._force,
            init._add, init._to, init._test,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(init._slackToken) is null != result.GetResult(init._channel) is null)
                result.AddError("--slack-token and --channel must be used together.");
            if (result.GetResult(init._to) is not null && result.GetResult(init._add) is null)
                result.AddError("--to can be used only with --add.");
            if (result.GetResult(init._add) is not null && result.GetResult(init._force) is not null)
                result.AddError("--add and --force can't be used together.");
        });
        command.SetAction((parsed, stop) => CommandErrors.CatchAsync(() => init.RunAsync(parsed, stop)));
        return command;
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var files = new SetupFiles(Path.GetFullPath(parsed.GetValue(_dir)!));
        return parsed.GetValue(_add) ? AddAsync(parsed, files, stop) : CreateAsync(parsed, files, stop);
    }

    private async Task<int> CreateAsync(ParseResult parsed, SetupFiles files, CancellationToken stop)
    {
        var existing = files.Existing;
        // Checked before any question is asked.
        if (existing.Count > 0 && !parsed.GetValue(_force))
        {
            var lines = existing.Select(file => $"{file} already exists.")
                .Append("No files written. Pass --add to add a destination or a route to the settings, or --force to overwrite them.");
            Output.WriteError(string.Join('\n', lines));
            return ExitCodes.Failed;
        }

        var answers = await AnswersAsync(parsed, stop);
        var secrets = SetupSecrets.Create();
        files.Write(SetupSettings.Write(answers, secrets));
        foreach (var file in existing) Output.WriteNote($"Overwrote {file}.");
        if (Output.IsQuiet) Output.WriteLine(secrets.Ingress);
        else SetupReport.WriteCreated(files, answers, secrets);
        return await TestAsync(parsed, files, answers, [.. answers.Destinations.Select(one => one.Name)], stop);
    }

    private async Task<int> AddAsync(ParseResult parsed, SetupFiles files, CancellationToken stop)
    {
        if (!Path.Exists(files.Settings))
            throw new CommandException($"--add: there is no file '{files.Settings}'. Without --add, init creates it.");
        var text = files.ReadSettings();
        var to = parsed.GetValue(_to) ?? [];
        var answers = await AnswersAsync(parsed, stop);
        var added = SettingsAddition.Of(files.Settings, text, answers, to);
        SetupReport.WriteAdded(files, added, files.ChangeSettings(added.Text) && answers.Destinations.Count > 0);
        return await TestAsync(parsed, files, answers, [.. added.To.Skip(to.Length)], stop);
    }

    // A chat that does not accept the message is reported; the files are complete in any case.
    private async Task<int> TestAsync(
        ParseResult parsed, SetupFiles files, SetupAnswers answers, IReadOnlyList<string> names, CancellationToken stop)
    {
        var exitCode = ExitCodes.Ok;
        // The path of the folder in the settings starts at the folder in which the service will run.
        var templates = Directory.Exists(files.Templates) ? files.Templates : null;
        foreach (var (name, destination) in names.Zip(answers.Destinations))
        {
            var isWanted = parsed.GetValue(_test)
                || (destination.Type != SetupDestinations.Sandbox.Type && await WantsTestAsync(name, stop));
            if (!isWanted) continue;
            if (!await SendCommand.SendSampleAsync(files.Settings, templates, name, stop)) exitCode = ExitCodes.Failed;
        }

        return exitCode;
    }

    private static async Task<bool> WantsTestAsync(string name, CancellationToken stop) => Output.IsInteractive && !Output.IsQuiet
        && await new ConfirmationPrompt($"Send a test message to {name} now?").ShowAsync(Output.Out, stop);

    private async Task<SetupAnswers> AnswersAsync(ParseResult parsed, CancellationToken stop)
    {
        List<DestinationOptions> destinations = [];
        if (parsed.GetValue(_slackToken) is { } token) destinations.Add(SetupDestinations.SlackBot(token, parsed.GetValue(_channel)));
        if (parsed.GetValue(_slackWebhook) is { } webhook) destinations.Add(SetupDestinations.SlackWebhook(webhook));
        if (parsed.GetValue(_teams) is { } workflow) destinations.Add(SetupDestinations.Teams(workflow));
        var projects = SetupAnswers.SplitProjectCodes(parsed.GetValue(_project) ?? []);
        if (destinations.Count > 0 || parsed.GetValue(_to) is { Length: > 0 })
            return new SetupAnswers(Named(parsed, destinations), projects);
        if (parsed.GetValue(_yes)) return new SetupAnswers(Named(parsed, [SetupDestinations.Sandbox]), projects);
        if (!Output.IsInteractive)
        {
            throw new CommandException(
                "This terminal is not interactive. Pass --slack-token and --channel, --slack-webhook or --teams; "
                + "or pass --yes to show messages in the terminal.");
        }

        using var components = new ChatComponents(TimeProvider.System);
        var answers = await new SetupQuestions(Output.Out, components.DestinationTypes).AskAsync(projects, stop);
        return answers with { Destinations = Named(parsed, answers.Destinations) };
    }

    private IReadOnlyList<DestinationOptions> Named(ParseResult parsed, IReadOnlyList<DestinationOptions> destinations)
    {
        if (parsed.GetValue(_name)?.Trim() is not { Length: > 0 } name) return destinations;
        if (destinations.Count != 1)
            throw new CommandException("--name: names one new destination; add the others one by one, with --add.");
        return [destinations[0] with { Name = name }];
    }
}
