using System.CommandLine;
using System.Security.Cryptography;
using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Worker.Commands.Setup;

/// <summary><c>init</c>: settings that work and templates to edit, from a few answers.</summary>
internal sealed class InitCommand
{
    private const int SecretBytes = 32;

    private readonly Option<string?> _slackToken = new("--slack-token") { Description = "A Slack bot's token (xoxb-...); with --channel.", HelpName = "TOKEN" };
    private readonly Option<string?> _channel = new("--channel") { Description = "The Slack channel's id (C...), for --slack-token.", HelpName = "ID" };
    private readonly Option<string?> _slackWebhook = new("--slack-webhook") { Description = "The URL of a Slack incoming webhook.", HelpName = "URL" };
    private readonly Option<string?> _teams = new("--teams") { Description = "The URL of a Teams workflow.", HelpName = "URL" };

    private readonly Option<string[]> _project = new("--project")
    {
        Description = "The code of a Qase project, several times for several; default all projects.",
        HelpName = "CODE",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string> _dir = new("--dir") { Description = "The folder to write to; default the current one.", HelpName = "DIR", DefaultValueFactory = _ => "." };
    private readonly Option<bool> _yes = new("--yes") { Description = "Ask nothing: without a chat, messages are shown in the terminal." };
    private readonly Option<bool> _force = new("--force") { Description = "Write over files that are there." };

    private InitCommand()
    {
    }

    public static Command Build()
    {
        var init = new InitCommand();
        var command = new Command("init", "Write an appsettings.json that works, and a copy of the templates. Asks for what it is not told; secrets are better typed then than in a command.")
        {
            init._slackToken, init._channel, init._slackWebhook, init._teams, init._project, init._dir, init._yes, init._force,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(init._slackToken) is null != result.GetResult(init._channel) is null) result.AddError("--slack-token and --channel go together.");
        });
        command.SetAction((parsed, stop) => StartErrors.TellAsync(() => init.RunAsync(parsed, stop)));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var files = new SetupFiles(Path.GetFullPath(parsed.GetValue(_dir)!));
        var existing = files.Existing;
        // Before anything is asked: answers in vain would annoy.
        if (existing.Count > 0 && !parsed.GetValue(_force))
        {
            Terminal.WriteError(string.Join('\n', existing.Select(file => $"{file} is there already.").Append("Nothing was written; --force writes over them.")));
            return ExitCodes.Failed;
        }

        var answers = await AnswersAsync(parsed, stop);
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));
        files.Write(SetupSettings.Write(answers, secret));
        foreach (var file in existing) Terminal.Remark($"Wrote over {file}.");
        Tell(files, answers, secret);
        return ExitCodes.Ok;
    }

    private async Task<SetupAnswers> AnswersAsync(ParseResult parsed, CancellationToken stop)
    {
        List<DestinationOptions> destinations = [];
        if (parsed.GetValue(_slackToken) is { } token) destinations.Add(SetupDestinations.SlackBot(token, parsed.GetValue(_channel)));
        if (parsed.GetValue(_slackWebhook) is { } webhook) destinations.Add(SetupDestinations.SlackWebhook(webhook));
        if (parsed.GetValue(_teams) is { } workflow) destinations.Add(SetupDestinations.Teams(workflow));
        var projects = ProjectCodes.Split(parsed.GetValue(_project) ?? []);
        if (destinations.Count > 0) return new SetupAnswers(destinations, projects);
        if (parsed.GetValue(_yes)) return new SetupAnswers([SetupDestinations.Sandbox], projects);
        if (!Terminal.CanAsk)
            throw new CommandException("Nobody can be asked here: name a chat with --slack-token and --channel, --slack-webhook or --teams, or say --yes to have messages shown in the terminal.");
        using var components = new ChatComponents(TimeProvider.System);
        return await new SetupQuestions(Terminal.Out, components.DestinationTypes).AskAsync(projects, stop);
    }

    private static void Tell(SetupFiles files, SetupAnswers answers, string secret)
    {
        if (Terminal.IsQuiet)
        {
            Terminal.WriteLine(secret);
            return;
        }

        Terminal.WriteLine($"Wrote {files.Settings} (only its owner can read it: it holds secrets) and the templates in {files.Templates}.", TerminalStyle.Good);
        Terminal.WriteLine("In Qase, under Settings, Webhooks of the project, create a webhook with the URL at which the world reaches this service, with the path /webhooks/qase, and with this secret, which is shown only now:");
        Terminal.WriteLine($"  {secret}");
        Terminal.WriteLine($"Start the service in that folder. To see a message first: render --event defect.created --to {answers.Destinations[0].Name}; to send one: send --event defect.created --to {answers.Destinations[0].Name}.");
    }
}
