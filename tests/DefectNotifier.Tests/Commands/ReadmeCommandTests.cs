using System.Text.Json.Nodes;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Commands.Checking;
using DefectNotifier.Tests.Sqlite;
using DefectNotifier.Worker.Commands.Previews;
using DefectNotifier.Worker.Commands.Setup;

namespace DefectNotifier.Tests.Commands;

/// <summary>What authors of templates and routes are told to type is typed here, as it is written; the folder that they would stand in has settings and a few stored events.</summary>
public sealed class ReadmeCommandTests : IAsyncDisposable
{
    private const string Prefix = "dotnet run --project src/DefectNotifier.Worker -- ";

    private static readonly ReadmeSection Preview = new(Repository.Root, "### Try templates and routes");
    private static readonly ReadmeSection Checking = new(Repository.Root, "## Check before it goes live");

    // Every command, and what it must show.
    private static readonly Dictionary<string, string> Shows = new(StringComparer.Ordinal)
    {
        ["render --event defect.created --platform slack"] = "── slack (Slack) ─",
        ["render --event defect.created --platform teams --json"] = "\"AdaptiveCard\"",
        ["route --project WEB --event-name defect.created --severity major"] = "lobby",
        ["route --event defect.resolved --config appsettings.example.json"] = "defect.resolved of project WEB",
        ["send --event defect.created --to lobby"] = "lobby (Slack): delivered",
        ["check"] = "Nothing is wrong.",
        ["check --config appsettings.example.json --templates templates --strict"] = "Nothing is wrong.",
        ["check --online"] = "Nothing is wrong.",
        ["replay --since 7d --config appsettings.example.json --templates templates"] = "1 event",
    };

    private readonly TemporaryDatabase _database = new();

    [Fact]
    public async Task EachCommand_AsWritten_DoesWhatItSays()
    {
        var commands = Preview.Fenced().Select(line => line[Prefix.Length..]).Concat(Checking.Rows.Select(row => row[0])).ToList();
        Assert.Equal(Shows.Keys.Order(StringComparer.Ordinal), commands.Order(StringComparer.Ordinal));
        var outbox = _database.Open();
        await outbox.AppendAsync(Some.NewEvent("lobby") with { Name = "defect.created", ReceivedAt = TimeProvider.System.GetUtcNow() }, TestContext.Current.CancellationToken);
        await outbox.DisposeAsync();

        foreach (var command in commands)
        {
            var run = await CommandRun.OfAsync(InTheirFolder(command));

            Assert.True((run.ExitCode, run.Error) == (0, ""), $"{command} ended with {run.ExitCode}: {run.Error}{run.Output}");
            Assert.Contains(Shows[command], run.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task EachOption_OfACommandThatTheTextTellsOf_IsThere()
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

    // The findings that the README shows are those that check writes.
    [Fact]
    public async Task EachFinding_ThatIsShown_IsWrittenSo()
    {
        using var folder = new CheckFolder();
        folder.File("defect.created.sbn", "# {{ defect.titel }}\n").Set("Routes:0", """{ "ProjectCodes": ["BILL"], "To": ["lobby"] }""").Set("Routes:2", """{ "ProjectCodes": ["WEB"], "To": ["lobby"] }""");
        await folder.CheckAsync();

        var run = await CommandRun.OfAsync("check", "--config", folder.ConfigFile);

        Assert.Equal(2, Checking.Fenced().Count());
        Assert.All(Checking.Fenced(), line => Assert.Contains(line, run.Output.Replace(folder.Templates, "templates", StringComparison.Ordinal), StringComparison.Ordinal));
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private string[] InTheirFolder(string command)
    {
        var settings = Path.Combine(_database.Folder.FullName, "appsettings.json");
        File.WriteAllText(settings, new JsonObject
        {
            // Nobody listens at port 9, so the file is read.
            ["Operations"] = new JsonObject { ["Url"] = "http://127.0.0.1:9" },
            ["Outbox"] = new JsonObject { ["Path"] = _database.Path },
            ["Destinations"] = new JsonObject { ["lobby"] = new JsonObject { ["Type"] = "sandbox" } },
            ["Routes"] = new JsonArray(new JsonObject { ["To"] = new JsonArray("lobby") }),
        }.ToJsonString());
        string[] words = [.. command.Split(' ').Select(word => word is "appsettings.example.json" or "templates" ? Repository.PathOf(word) : word)];
        return words[0] == "replay" ? [.. words, "--current", settings] : words.Contains("--config") ? words : [.. words, "--config", settings];
    }
}
