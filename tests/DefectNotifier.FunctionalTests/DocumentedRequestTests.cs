using System.Text.Json.Nodes;
using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests;

/// <summary>The requests with curl in the README, in src/docs/routing.md and in src/docs/deploy.md.</summary>
public sealed class DocumentedRequestTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly ChatServer _chat = ChatServer.Start();
    private readonly WorkerSettings _settings;

    public DocumentedRequestTests() => _settings = new WorkerSettings(_folder)
        .Set("Operations:Url", $"http://127.0.0.1:{FreePort.Next()}").Set("Ingress:Secrets", new JsonArray(TestSecrets.Ingress))
        .Destination("web-qa", _chat, ChatKind.Teams).Route("web-qa");

    public void Dispose()
    {
        _chat.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Readme_FirstEvent_IsAcceptedAndShownInTheChannel()
    {
        await using var worker = await WorkerProcess.ServeAsync(_settings);
        var shell = new ReadmeShell(_settings, worker);
        var lines = new DocumentSection(RepositoryRoot.Path, "README.md", "## Connect a channel").Fenced()
            .SkipWhile(line => !line.StartsWith("curl", StringComparison.Ordinal)).Take(2);

        var (exitCode, output) = await shell.RunAsync(string.Join(" ", lines));

        Assert.Equal(0, exitCode);
        Assert.Contains("\"status\":\"accepted\"", output, StringComparison.Ordinal);
        await _chat.PostedAsync("web-qa", 1);
        Assert.Contains("My first defect", _chat.PostedTo("web-qa")[0].Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("src/docs/routing.md", "### Silences", 3)]
    [InlineData("src/docs/deploy.md", "## Docker Compose", 1)]
    public async Task Documents_EachRequest_Succeeds(string file, string heading, int count)
    {
        await using var worker = await WorkerProcess.ServeAsync(_settings);
        var shell = new ReadmeShell(_settings, worker);
        var lines = new DocumentSection(RepositoryRoot.Path, file, heading).Fenced()
            .Where(line => line.StartsWith("curl", StringComparison.Ordinal)).ToList();

        Assert.Equal(count, lines.Count);
        foreach (var line in lines)
        {
            var (exitCode, output) = await shell.RunAsync(line);
            Assert.True(exitCode == 0, $"{line}: {output}");
        }
    }
}
