using System.Text.Json.Nodes;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Commands.Checking;
using DefectNotifier.Tests.Sqlite;

namespace DefectNotifier.Tests.Commands;

/// <summary>
/// Runs the documented commands for authors of templates and routes as written, in a folder with settings and one stored event.
/// </summary>
public sealed class DocumentedCommandTests : IAsyncDisposable
{
    private const string Prefix = "defect-notifier ";

    private static readonly DocumentSection Preview = new(Repository.Root, "src/docs/routing.md", "## Try templates and routes");
    private static readonly DocumentSection Checking = new(Repository.Root, "src/docs/settings.md", "## Check before it goes live");

    // Every command, and what its output must contain.
    private static readonly Dictionary<string, string> Expected = new(StringComparer.Ordinal)
    {
        ["render --event defect.created --platform slack"] = "── slack (Slack) ─",
        ["render --event defect.created --platform teams --json"] = "\"AdaptiveCard\"",
        ["route --project WEB --event-name defect.created --severity major"] = "lobby",
        ["route --event defect.resolved --config appsettings.example.json"] = "defect.resolved of project WEB",
        ["send --event defect.created --to lobby"] = "lobby (Slack): delivered",
        ["check"] = "No problems found.",
        ["check --config appsettings.example.json --templates templates --strict"] = "No problems found.",
        ["check --online"] = "No problems found.",
        ["replay --since 7d --config appsettings.example.json --templates templates"] = "1 event",
    };

    private readonly TemporaryDatabase _database = new();

    [Fact]
    public async Task EachCommand_AsWritten_HasTheDescribedOutput()
    {
        var commands = Preview.Fenced().Select(line => line[Prefix.Length..]).Concat(Checking.Rows.Select(row => row[0])).ToList();
        Assert.Equal(Expected.Keys.Order(StringComparer.Ordinal), commands.Order(StringComparer.Ordinal));
        var outbox = _database.Open();
        await outbox.AppendAsync(
            Some.NewEvent("lobby") with { Name = "defect.created", ReceivedAt = TimeProvider.System.GetUtcNow() },
            TestContext.Current.CancellationToken);
        await outbox.DisposeAsync();

        foreach (var command in commands)
        {
            var run = await CommandRun.OfAsync(InFolder(command));

            Assert.True((run.ExitCode, run.Error) == (0, ""), $"{command} ended with {run.ExitCode}: {run.Error}{run.Output}");
            Assert.Contains(Expected[command], run.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task EachOption_OfADocumentedCommand_Exists()
    {
        var rows = Preview.Rows.ToList();
        Assert.Equal(["render", "render", "route", "send", "init", "completion"], rows.Select(row => row[0].Split(' ')[0]));
        foreach (var row in rows)
        {
            var help = await CommandRun.OfAsync(row[0].Split(' ')[0], "--help");
            foreach (var option in row.SelectMany(span => span.Split(' ')).Where(word => word.StartsWith("--", StringComparison.Ordinal)))
                Assert.Contains(option.TrimEnd(')', '"'), help.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task EachFinding_ShownInTheDocuments_IsWrittenByCheck()
    {
        using var folder = new CheckFolder();
        folder.File("defect.created.sbn", "# {{ defect.titel }}\n")
            .Set("Routes:0", """{ "ProjectCodes": ["BILL"], "To": ["lobby"] }""")
            .Set("Routes:2", """{ "ProjectCodes": ["WEB"], "To": ["lobby"] }""");
        await folder.CheckAsync();

        var run = await CommandRun.OfAsync("check", "--config", folder.ConfigFile);

        Assert.Equal(2, Checking.Fenced().Count());
        Assert.All(
            Checking.Fenced(),
            line => Assert.Contains(
                line, run.Output.Replace(folder.Templates, "templates", StringComparison.Ordinal), StringComparison.Ordinal));
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private string[] InFolder(string command)
    {
        var settings = Path.Combine(_database.Folder.FullName, "appsettings.json");
        File.WriteAllText(settings, new JsonObject
        {
            // No service listens on port 9, so the file is read.
            ["Operations"] = new JsonObject { ["Url"] = "http://127.0.0.1:9" },
            ["Templates"] = new JsonObject { ["Path"] = Repository.PathOf("templates") },
            ["Outbox"] = new JsonObject { ["Path"] = _database.Path },
            ["Destinations"] = new JsonObject { ["lobby"] = new JsonObject { ["Type"] = "sandbox" } },
            ["Routes"] = new JsonArray(new JsonObject { ["To"] = new JsonArray("lobby") }),
        }.ToJsonString());
        static string InRepository(string word) => word is "appsettings.example.json" or "templates" ? Repository.PathOf(word) : word;
        string[] words = [.. command.Split(' ').Select(InRepository)];
        return words[0] == "replay"
            ? [.. words, "--current", settings]
            : words.Contains("--config") ? words : [.. words, "--config", settings];
    }
}
