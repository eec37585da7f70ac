using DefectNotifier.Worker.Commands.Setup;
using DefectNotifier.Worker.Hosting;

namespace DefectNotifier.Tests.Commands.Setup;

public sealed class SetupQuestionsTests : IDisposable
{
    private const string Hook = "https://hooks.slack.com/services/T00000000/B00000000/hookPartQ8s7d6f5g4";

    private readonly ChatComponents _components = new(TimeProvider.System);
    private readonly TypingConsole _terminal = new();

    public void Dispose() => _components.Dispose();

    [Fact]
    public async Task Ask_SlackBot_AsksForTokenChannelAndProjects()
    {
        _terminal.Press(ConsoleKey.Enter);
        _terminal.Type("xoxb-1111111111-2222222222-tokenPart");
        _terminal.Type("#general");
        _terminal.Type("C0123456789");
        _terminal.Type("WEB, SHOP");

        var answers = await AskAsync();

        var slack = answers.Destinations.Single();
        Assert.Equal(("slack", "xoxb-1111111111-2222222222-tokenPart", "C0123456789"), (slack.Type, slack.Token!.Reveal(), slack.Channel));
        Assert.Equal(["WEB", "SHOP"], answers.ProjectCodes);
        Assert.DoesNotContain("tokenPart", _terminal.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_InvalidUrl_IsAskedAgainAndNotShown()
    {
        _terminal.Press(ConsoleKey.DownArrow);
        _terminal.Press(ConsoleKey.Enter);
        _terminal.Type("http://hooks.slack.com/services/hookPart");
        _terminal.Type(Hook);
        _terminal.Type("");

        var answers = await AskAsync();

        Assert.Equal(Hook, answers.Destinations.Single().Url!.Reveal());
        Assert.Empty(answers.ProjectCodes);
        Assert.Contains("must be https", _terminal.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hookPart", _terminal.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_NoChatYet_IsASandbox()
    {
        _terminal.Press(ConsoleKey.DownArrow, times: 3);
        _terminal.Press(ConsoleKey.Enter);

        Assert.Equal("sandbox", (await AskAsync("WEB")).Destinations.Single().Type);
    }

    private Task<SetupAnswers> AskAsync(params string[] projectCodes) =>
        new SetupQuestions(_terminal, _components.DestinationTypes).AskAsync(projectCodes, TestContext.Current.CancellationToken);
}
