using System.Text.Json.Nodes;

namespace DefectNotifier.Tests.Commands.Previews;

/// <summary>The cases without a chat; the functional tests send to one.</summary>
public sealed class SendCommandTests : IDisposable
{
    private readonly CommandFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("web-qa", "── web-qa (Slack) ─", "web-qa (Slack): delivered\n")]
    [InlineData("billing", "── billing (Microsoft Teams) ─", "billing (Microsoft Teams): delivered\n")]
    public async Task Send_Sandbox_ShowsTheMessageMarkedAsATest(string to, string title, string outcome)
    {
        var run = await RunAsync("--event", "defect.created", "--to", to);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.StartsWith(title, run.Output, StringComparison.Ordinal);
        Assert.Contains("This is a test message, sent by an operator", run.Output, StringComparison.Ordinal);
        Assert.Contains(outcome, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_Json_IsOnlyTheOutcome()
    {
        var response = JsonNode.Parse((await RunAsync("--event", "defect.resolved", "--to", "web-qa", "--json")).Output)!;

        Assert.Equal(
            ("web-qa", "slack", "delivered", "ok"),
            ((string?)response["destination"], (string?)response["platform"], (string?)response["outcome"], (string?)response["reason"]));
    }

    [Fact]
    public async Task Send_TemplateThatFails_ReportsItAndSendsThePlainMessage()
    {
        _folder.Write("words/defect.created.sbn", "{{ no_such_helper 1 }}");

        var run = await RunAsync("--event", "defect.created", "--to", "web-qa");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("defect.created.sbn:1:", run.Error, StringComparison.Ordinal);
        Assert.Contains("This is a test message, sent by an operator", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_UnknownDestination_SendsNothing()
    {
        var run = await RunAsync("--event", "defect.created", "--to", "web-qaa");

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("Did you mean 'web-qa'?", run.Error, StringComparison.Ordinal);
    }

    private Task<CommandRun> RunAsync(params string[] arguments) =>
        CommandRun.OfAsync(["send", .. arguments, "--config", _folder.WriteSettings("""[ { "To": [ "web-qa" ] } ]""")]);
}
