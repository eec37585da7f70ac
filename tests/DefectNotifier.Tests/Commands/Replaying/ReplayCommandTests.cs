using System.Text;
using System.Text.Json.Nodes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Sqlite;
using DefectNotifier.Worker.Commands.Admin;
using DefectNotifier.Worker.Commands.Replaying;
using Microsoft.Data.Sqlite;

namespace DefectNotifier.Tests.Commands.Replaying;

public sealed class ReplayCommandTests : IAsyncDisposable
{
    private readonly TemporaryDatabase _database = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_OtherRoutesAndTemplates_ReportsTheDifferencesByKind()
    {
        await StoreAsync(
            ("WEB", "defect.created", "web"),
            ("WEB", "defect.created", "web"),
            ("BILL", "defect.created", "web"),
            ("WEB", "defect.resolved", "web"));
        Write("new/defect.created.sbn", "# New: {{ defect.title }}\n");

        var report = await RunAsync("""[{ "ProjectCodes": ["WEB"], "To": ["web"] }, { "To": ["ops"] }]""", "new");

        var route = Assert.Single(report.Routes);
        Assert.Equal((4, 1, 0), (report.Events, report.Rerouted, report.Unreadable));
        Assert.Equal(("defect.created", "BILL", 1), (route.EventName, route.ProjectCode, route.Count));
        Assert.Equal("web > ops", $"{string.Join(' ', route.Lost)} > {string.Join(' ', route.Gained)}");
        var text = Assert.Single(report.Texts);
        Assert.Equal(("defect.created", "Slack", 2, 2, 0), (text.EventName, text.Platform, text.Compared, text.Changed, text.Failed));
        Assert.Contains(
            text.Lines, line => line.StartsWith("+ ", StringComparison.Ordinal) && line.Contains("New:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_OtherWordsForAnUpdate_AreShownWithTheTitleOfTheDefect()
    {
        await StoreAsync(("WEB", "defect.created", "web"), ("WEB", "defect.updated", "web"));
        Write("new/defect.updated.sbn", "# Changed: {{ defect.label }}\n");

        var text = Assert.Single((await RunAsync("""[{ "To": ["web"] }]""", "new")).Texts);

        Assert.Equal(("defect.updated", 1, 1), (text.EventName, text.Compared, text.Changed));
        Assert.Contains("+ Changed: Title", text.Lines);
    }

    [Theory]
    [InlineData("thread-and-update", true)]
    [InlineData("thread", true)]
    [InlineData("post", false)]
    public async Task Run_OtherReply_IsComparedWhereLaterEventsAreReplies(string mode, bool isReply)
    {
        await StoreAsync(("WEB", "defect.created", "web"), ("WEB", "defect.resolved", "web"), ("WEB", "build.broken", "web"));
        const string Words = "{{ if message.is_reply }}Fixed by {{ actor.label }}{{ else }}Done{{ end }}";
        Write("now/defect.resolved.sbn", Words);
        Write("new/defect.resolved.sbn", Words.Replace("Fixed", "Solved", StringComparison.Ordinal));
        Write("now/defect.created.sbn", Words);
        Write("new/defect.created.sbn", Words.Replace("Fixed", "Solved", StringComparison.Ordinal));

        var texts = (await RunAsync($$"""[{ "To": ["web"], "MessageMode": "{{mode}}" }]""", "new")).Texts;

        if (isReply)
        {
            var text = Assert.Single(texts);
            Assert.Equal(("defect.resolved", true, 1), (text.EventName, text.IsReply, text.Changed));
            Assert.Contains(text.Lines, line => line.StartsWith("+ Solved by", StringComparison.Ordinal));
        }
        else Assert.All(texts, text => Assert.False(text.IsReply));
    }

    [Fact]
    public async Task Command_NoSince_IsTheLastSevenDays()
    {
        await StoreAsync(("WEB", "defect.created", "web"));
        var (current, changed) = WriteSettings("""[{ "To": ["web"] }]""");
        var since = TimeProvider.System.GetUtcNow().AddDays(-7);

        var run = await CommandRun.OfAsync("replay", "--config", changed, "--current", current, "--json");

        var reported = (DateTimeOffset)JsonNode.Parse(run.Output)!["since"]!;
        Assert.InRange(reported, since, since.AddHours(1));
        Assert.Contains("[default: 7d]", (await CommandRun.OfAsync("replay", "--help")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SameConfiguration_ReportsNoDifference()
    {
        await StoreAsync(("WEB", "defect.created", "web"), ("WEB", "defect.updated", "web"));

        var report = await RunAsync("""[{ "To": ["web"] }]""", "");

        Assert.Equal((2, 0), (report.Events, report.Rerouted));
        Assert.Empty(report.Routes);
        Assert.Empty(report.Texts);
    }

    // They change when an event is sent, not where to.
    [Fact]
    public async Task Run_OtherQuietHoursAndDigests_ReportsNoDifference()
    {
        await StoreAsync(("WEB", "defect.created", "web"), ("WEB", "defect.updated", "web"));

        var report = await RunAsync(
            """[{ "To": ["web"], "Digest": false, "QuietHours": [{ "From": "00:00", "To": "00:00", "Except": [] }] }]""", "");

        Assert.Equal((2, 0), (report.Events, report.Rerouted));
        Assert.Empty(report.Routes);
        Assert.Empty(report.Texts);
    }

    [Fact]
    public async Task Run_TemplateThatFails_ReportsTheError()
    {
        await StoreAsync(("WEB", "defect.created", "web"));
        Write("new/defect.created.sbn", "x\n{{ event.time | date 'q' }}");

        var report = await RunAsync("""[{ "To": ["web"] }]""", "new");

        var text = Assert.Single(report.Texts);
        Assert.Equal(1, text.Failed);
        Assert.StartsWith("defect.created.sbn:2:", text.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_NamesWithControlCharacters_AreCleaned()
    {
        await StoreAsync(("W\u001b[31m\u202E[red]", "defect.created", "web"));
        var (current, changed) = WriteSettings("""[{ "To": ["ops"] }]""");

        var run = await CommandRun.OfAsync("replay", "--since", "2026-03-13", "--config", changed, "--current", current);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.DoesNotContain(run.Output, letter => letter is '\u001b' or '\u202E');
        Assert.StartsWith("1 event since 2026-03-13 00:00:00Z replayed", run.Output, StringComparison.Ordinal);
        Assert.Contains("[red]", run.Output, StringComparison.Ordinal);
        Assert.Contains("    - web", run.Output, StringComparison.Ordinal);
        Assert.Contains("    + ops", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--since: ", "--since", "soon")]
    [InlineData("--limit: ", "--since", "1d", "--limit", "0")]
    [InlineData("--templates: ", "--since", "1d", "--templates", "/nowhere")]
    [InlineData("--config: ", "--since", "1d", "--config", "/nowhere")]
    public async Task Command_WrongArgument_IsReported(string named, params string[] arguments)
    {
        var run = await CommandRun.OfAsync(["replay", .. arguments]);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(named, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Twice_DoesNotChangeTheFile()
    {
        await StoreAsync(("WEB", "defect.created", "web"));
        var before = await File.ReadAllBytesAsync(_database.Path, Token);

        await RunAsync("""[{ "To": ["web"] }]""", "");
        await RunAsync("""[{ "To": ["web"] }]""", "");

        Assert.Equal(before, await File.ReadAllBytesAsync(_database.Path, Token));
    }

    [Fact]
    public async Task Run_FileWrittenBeforeTheFirstRelease_IsRejected()
    {
        await StoreAsync(("WEB", "defect.created", "web"));
        await using (var connection = _database.Connect())
        {
            await using var command = new SqliteCommand($"PRAGMA application_id = {0x44664E74}", connection);
            await command.ExecuteNonQueryAsync(Token);
        }

        var error = await Assert.ThrowsAsync<OutboxOpenException>(() => RunAsync("""[{ "To": ["web"] }]""", ""));

        Assert.Contains("written before 1.0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NoFile_Throws()
    {
        var error = await Assert.ThrowsAsync<OutboxAdminException>(() => RunAsync("""[{ "To": ["web"] }]""", ""));

        Assert.Contains("There is no outbox", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 1200)]
    [InlineData(700L, 700)]
    public async Task Run_MoreThanAPage_ReadsUpToTheLimit(long? limit, long expected)
    {
        await StoreAsync([.. Enumerable.Repeat(("WEB", "defect.created", "web"), 1200)]);

        var report = await RunAsync("""[{ "To": ["ops"] }]""", "", limit);

        Assert.Equal((expected, expected), (report.Events, Assert.Single(report.Routes).Count));
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private async Task StoreAsync(params (string Project, string Name, string To)[] events)
    {
        var outbox = _database.Open();
        await Task.WhenAll(events.Select((one, index) => outbox.AppendAsync(Some.NewEvent(one.To) with
        {
            Name = one.Name,
            ProjectCode = one.Project,
            Body = Encoding.UTF8.GetBytes(new JsonObject
            {
                ["event_name"] = one.Name,
                ["project_code"] = one.Project,
                // A later event has only the id of its defect, here the first one.
                ["payload"] = one.Name == "defect.created"
                    ? new JsonObject { ["id"] = index + 1, ["title"] = "Title" }
                    : new JsonObject { ["id"] = 1 },
            }.ToJsonString()),
        }, Token)));
        await outbox.DisposeAsync();
    }

    private Task<ReplayReport> RunAsync(string newRoutes, string newTemplates, long? limit = null)
    {
        var (current, changed) = WriteSettings(newRoutes);
        var templates = newTemplates.Length > 0 ? Path.Combine(_database.Folder.FullName, newTemplates) : null;
        return ReplayCommand.RunAsync(new ReplayOptions(current, changed, templates, Some.Moment.AddDays(-1), limit), Token);
    }

    private (string Current, string Changed) WriteSettings(string newRoutes)
    {
        Directory.CreateDirectory(Path.Combine(_database.Folder.FullName, "now"));
        // No service listens on port 9, so the file is read.
        string Settings(string routes) =>
            $$"""
            {
              "Operations": { "Url": "http://127.0.0.1:9" },
              "Outbox": { "Path": "{{_database.Path}}" },
              "Templates": { "Path": "{{_database.Folder}}/now" },
              "Destinations": { "web": { "Type": "sandbox" }, "ops": { "Type": "sandbox" } },
              "Routes": {{routes}}
            }
            """;

        return (Write("current.json", Settings("""[{ "To": ["web"] }]""")), Write("changed.json", Settings(newRoutes)));
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_database.Folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
