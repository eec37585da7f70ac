using System.Text.Json.Nodes;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Sqlite;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Tests.Commands.Admin;

/// <summary>The silence commands on an outbox file, without the service.</summary>
public sealed class SilenceCommandTests : IAsyncLifetime
{
    private readonly TemporaryDatabase _database = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _database.Open().DisposeAsync();
        await File.WriteAllTextAsync(Settings, new JsonObject
        {
            // No service listens on port 9, so the file is opened.
            ["Operations"] = new JsonObject { ["Url"] = "http://127.0.0.1:9" },
            ["Outbox"] = new JsonObject { ["Path"] = _database.Path, ["MinFreeBytes"] = 0 },
            ["Destinations"] = new JsonObject { ["lobby"] = new JsonObject { ["Type"] = "sandbox" } },
            ["Routes"] = new JsonArray(new JsonObject { ["To"] = new JsonArray("lobby") }),
        }.ToJsonString());
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task AddListExpire_WithoutTheService_ChangeTheFile()
    {
        var added = await RunAsync("silence add --project WEB --title timeout* --severity trivial --for 2h --by anna --why outage");
        Assert.Matches("^Silence 1 until [-0-9]+ [:0-9]+Z: project WEB; severity trivial; title timeout\\*\\.$", added.Output.Trim());
        Assert.Equal("2", (await RunAsync("silence add --all-projects --for 1d --by ben --why move --discard --quiet")).Output.Trim());

        var lines = (await RunAsync("silence list")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Matches("^ID +STATE +FROM +UNTIL +MATCHES +THEN +EVENTS +BY +WHY$", lines[0].Trim());
        Assert.Matches("^1 +active +.*Z +project WEB; severity.*… +defer +0 +anna +outage$", lines[1].Trim());
        Assert.Matches("^2 +active +.*Z +every event +discard +0 +ben +move$", lines[2].Trim());

        var expired = await RunAsync("silence expire 1");
        Assert.Equal("Silence 1 has ended; the messages that it deferred are sent.", expired.Output.Trim());
        Assert.Equal("2", (await RunAsync("silence list -q")).Output.Trim());
        var all = JsonNode.Parse((await RunAsync("silence list --all --json")).Output)!.AsArray();
        Assert.Equal([1L, 2L], all.Select(one => (long)one!["id"]!));
        Assert.Equal(["timeout*"], all[0]!["titles"]!.AsArray().Select(title => (string?)title));
    }

    [Fact]
    public async Task List_LongTexts_FitTheTerminal()
    {
        await RunAsync("silence add --project WEB --project MOBILE --title a*very*long*title --for 2h "
            + "--by anna.with.a.long.name@example.com --why the-provider-of-payments-works-on-its-network-until-noon");

        Assert.All(
            (await RunAsync("silence list")).Output.Split('\n'), line => Assert.InRange(line.TrimEnd().Length, 0, TerminalText.Width));
    }

    [Theory]
    [InlineData("silence add --project WEB --for 2h --by anna", "--why: What is the reason? This is required.")]
    [InlineData("silence add --project WEB --by anna --why x", "--for: Pass either a duration (for) or an end (until).")]
    [InlineData("silence add --for 2h --by anna --why x", "--all-projects: It would match every event.")]
    [InlineData("silence add --min-severity majr --for 2h --why x --by anna", "--min-severity: Must be one of blocker,")]
    [InlineData("silence add --project WEB --for 60d --by anna --why x", "--for: A silence lasts at most 30 days.")]
    public async Task Add_WrongOption_IsNamed(string command, string expected)
    {
        var run = await CommandRun.OfAsync([.. command.Split(' '), "--config", Settings]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Expire_UnknownOrEnded_Fails()
    {
        var unknown = await CommandRun.OfAsync("silence", "expire", "7", "--config", Settings);
        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("There is no silence 7. Run silence list --all to see all numbers.", unknown.Error, StringComparison.Ordinal);
        await RunAsync("silence add --project WEB --for 2h --by anna --why x");
        await RunAsync("silence expire 1");

        var ended = await CommandRun.OfAsync("silence", "expire", "1", "--config", Settings);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("Silence 1 ended at ", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Route_ActiveSilenceMatches_NamesIt()
    {
        const string Route = "route --event defect.created --project WEB";
        Assert.DoesNotContain("silence", (await RunAsync(Route)).Output, StringComparison.Ordinal);
        await RunAsync("silence add --project WEB --for 2h --by anna --why outage");
        await RunAsync("silence add --project MOB --for 2h --by ben --why other");

        var output = (await RunAsync(Route)).Output;
        Assert.Matches("Deferred: silenced by anna until .*: outage \\(silence 1\\)\\.", output);
        Assert.DoesNotContain("silence 2", output, StringComparison.Ordinal);
        Assert.Equal(1, (long?)JsonNode.Parse((await RunAsync(Route + " --json")).Output)!["silences"]![0]!["id"]);
    }

    [Fact]
    public async Task RetryAndDiscard_Deferred_IsRefusedWithAReasonAndDiscarded()
    {
        await RunAsync("silence add --project WEB --for 2h --by anna --why outage");
        var outbox = _database.Open();
        var newEvent = Some.NewEvent("lobby") with { ReceivedAt = TimeProvider.System.GetUtcNow() };
        await outbox.AppendAsync(newEvent, Token);
        await outbox.DisposeAsync();

        var retry = await CommandRun.OfAsync("outbox", "retry", "1", "--config", Settings);
        Assert.Equal(1, retry.ExitCode);
        Assert.Contains("Delivery 1 is deferred; it is sent without a retry", retry.Error, StringComparison.Ordinal);
        Assert.Matches("^1 +deferred +silenced +lobby", (await RunAsync("outbox list --state deferred")).Output.Split('\n')[1]);
        Assert.Matches("silence 1 of anna defers it \\(outage\\)", (await RunAsync($"outbox why {newEvent.Id}")).Output);
        await RunAsync("outbox discard --state deferred --project WEB");

        Assert.Matches("^1 +discarded", (await RunAsync("outbox list --state discarded")).Output.Split('\n')[1]);
        Assert.DoesNotContain("silence 1", (await RunAsync("outbox show 1")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EachCommand_OfTheDocuments_HasTheDescribedEffect()
    {
        const string Prefix = "defect-notifier ";
        var section = new DocumentSection(Repository.Root, "src/docs/routing.md", "### Silences");
        foreach (var line in section.Fenced().Where(line => line.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            // In quotes there may be spaces.
            var words = line[Prefix.Length..].Split('"').SelectMany((part, i) =>
                i % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            var run = await CommandRun.OfAsync([.. words, "--config", Settings]);
            Assert.True((run.ExitCode, run.Error) == (0, ""), $"{line} ended with {run.ExitCode}: {run.Error}");
        }

        var outbox = _database.Open();
        var silences = await outbox.ReadSilencesAsync(endsAfter: null, Token);
        Assert.Equal((1, "timeout*", "anna", "known outage"), (silences.Count, silences[0].Titles[0], silences[0].By, silences[0].Why));
        Assert.True(silences[0].EndsAt < TimeProvider.System.GetUtcNow());
        var help = (await CommandRun.OfAsync("silence", "add", "--help")).Output
            + (await CommandRun.OfAsync("silence", "list", "--help")).Output;
        Assert.All(
            section.TimeText.Where(text => text.StartsWith("--", StringComparison.Ordinal)),
            option => Assert.Contains(option, help, StringComparison.Ordinal));
    }

    private string Settings => Path.Combine(_database.Folder.FullName, "appsettings.json");

    private async Task<CommandRun> RunAsync(string command)
    {
        var run = await CommandRun.OfAsync([.. command.Split(' '), "--config", Settings]);
        Assert.True((run.ExitCode, run.Error) == (0, ""), $"{command} ended with {run.ExitCode}: {run.Error}{run.Output}");
        return run;
    }
}
