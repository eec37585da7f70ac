using DefectNotifier.Delivery.Sending;
using Spectre.Console;

namespace DefectNotifier.Worker.Commands.Setup;

/// <summary>Asks at the terminal what <c>init</c> was not told. What is secret is not shown while it is typed.</summary>
internal sealed class SetupQuestions(IAnsiConsole terminal, IReadOnlyList<IDestinationType> types)
{
    private const string Bot = "Slack, as an app's bot (a token and a channel's id)";
    private const string Webhook = "Slack, through an incoming webhook (a URL)";
    private const string Teams = "Microsoft Teams, through a workflow (a URL)";
    private const string Nowhere = "Nowhere yet: show the messages in the terminal";

    public async Task<SetupAnswers> AskAsync(IReadOnlyList<string> projectCodes, CancellationToken stop)
    {
        var chat = await new SelectionPrompt<string>().Title("Where do the messages go?").AddChoices(Bot, Webhook, Teams, Nowhere).ShowAsync(terminal, stop);
        var destination = chat switch
        {
            Bot => SetupDestinations.SlackBot(
                await AskAsync("The bot's token (xoxb-...):", isSecret: true, token => SetupDestinations.SlackBot(token, channel: null), "Token", stop),
                await AskAsync("The channel's id (C...):", isSecret: false, channel => SetupDestinations.SlackBot(token: null, channel), "Channel", stop)),
            Webhook => SetupDestinations.SlackWebhook(await AskAsync("The webhook's URL:", isSecret: true, SetupDestinations.SlackWebhook, "Url", stop)),
            Teams => SetupDestinations.Teams(await AskAsync("The workflow's URL:", isSecret: true, SetupDestinations.Teams, "Url", stop)),
            _ => SetupDestinations.Sandbox,
        };
        return new SetupAnswers([destination], projectCodes.Count > 0 ? projectCodes : await AskProjectsAsync(stop));
    }

    private async Task<IReadOnlyList<string>> AskProjectsAsync(CancellationToken stop)
    {
        var text = await new TextPrompt<string>("Codes of the Qase projects, with blanks between (none: all projects):").AllowEmpty().ShowAsync(terminal, stop);
        return ProjectCodes.Split([text]);
    }

    // Each answer is tried at once, by the type of destination that it is for.
    private Task<string> AskAsync(string question, bool isSecret, Func<string, DestinationOptions> use, string key, CancellationToken stop)
    {
        var prompt = new TextPrompt<string>(question).Validate(text =>
        {
            var options = use(text);
            var error = types.Single(type => type.Name == options.Type).Validate(options).FirstOrDefault(error => error.Key == key);
            return error is null ? ValidationResult.Success() : ValidationResult.Error($"[red]{Markup.Escape($"This {error.Message}")}[/]");
        });
        return (isSecret ? prompt.Secret() : prompt).ShowAsync(terminal, stop);
    }
}
