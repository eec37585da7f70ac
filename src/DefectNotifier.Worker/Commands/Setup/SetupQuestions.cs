using DefectNotifier.Delivery.Sending;
using Spectre.Console;

namespace DefectNotifier.Worker.Commands.Setup;

/// <summary>Asks for the values that <c>init</c> was started without. Secrets are not shown while they are typed.</summary>
internal sealed class SetupQuestions(IAnsiConsole terminal, IReadOnlyList<IDestinationType> types)
{
    private const string Bot = "Slack bot (a token and a channel id)";
    private const string Webhook = "Slack incoming webhook (a URL)";
    private const string Teams = "Microsoft Teams workflow (a URL)";
    private const string Nowhere = "No chat yet: show the messages in the terminal";

    public async Task<SetupAnswers> AskAsync(IReadOnlyList<string> projectCodes, CancellationToken stop)
    {
        var prompt = new SelectionPrompt<string>().Title("Where should messages be sent?").AddChoices(Bot, Webhook, Teams, Nowhere);
        var chat = await prompt.ShowAsync(terminal, stop);
        var destination = chat switch
        {
            Bot => await AskSlackBotAsync(stop),
            Webhook => await AskUrlAsync("The webhook's URL:", SetupDestinations.SlackWebhook, stop),
            Teams => await AskUrlAsync("The workflow's URL:", SetupDestinations.Teams, stop),
            _ => SetupDestinations.Sandbox,
        };
        return new SetupAnswers([destination], projectCodes.Count > 0 ? projectCodes : await AskProjectsAsync(stop));
    }

    private async Task<DestinationOptions> AskSlackBotAsync(CancellationToken stop)
    {
        var token = await AskAsync(
            "The bot's token (xoxb-...):", isSecret: true, text => SetupDestinations.SlackBot(text, channel: null), "Token", stop);
        var channel = await AskAsync(
            "The channel id (C...):", isSecret: false, text => SetupDestinations.SlackBot(token: null, text), "Channel", stop);
        return SetupDestinations.SlackBot(token, channel);
    }

    private async Task<DestinationOptions> AskUrlAsync(string question, Func<string, DestinationOptions> create, CancellationToken stop) =>
        create(await AskAsync(question, isSecret: true, create, "Url", stop));

    private async Task<IReadOnlyList<string>> AskProjectsAsync(CancellationToken stop)
    {
        var prompt = new TextPrompt<string>("Codes of the Qase projects, separated by spaces (empty: all projects):").AllowEmpty();
        var text = await prompt.ShowAsync(terminal, stop);
        return SetupAnswers.SplitProjectCodes([text]);
    }

    // Each answer is validated at once by its destination type.
    private Task<string> AskAsync(
        string question, bool isSecret, Func<string, DestinationOptions> create, string key, CancellationToken stop)
    {
        var prompt = new TextPrompt<string>(question).Validate(text =>
        {
            var options = create(text);
            var error = types.Single(type => type.Name == options.Type).Validate(options).FirstOrDefault(error => error.Key == key);
            return error is null ? ValidationResult.Success() : ValidationResult.Error($"[red]{Markup.Escape($"This {error.Message}")}[/]");
        });
        return (isSecret ? prompt.Secret() : prompt).ShowAsync(terminal, stop);
    }
}
