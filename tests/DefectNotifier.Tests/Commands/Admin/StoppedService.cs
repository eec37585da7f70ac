using System.Text.Json.Nodes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Sqlite;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Sqlite;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Tests.Commands.Admin;

/// <summary>An outbox file and settings without a running service. Every line of a result must fit the terminal.</summary>
internal sealed class StoppedService : IAsyncDisposable
{
    public TemporaryDatabase Database { get; } = new();

    public string Settings => Path.Combine(Database.Folder.FullName, "settings.json");

    /// <summary>The settings before they are written; tests change them.</summary>
    public JsonObject Root { get; private set; } = [];

    /// <param name="fill">Stores events; null: the outbox is empty.</param>
    public static async Task<StoppedService> CreateAsync(Func<SqliteOutbox, Task>? fill = null)
    {
        var service = new StoppedService();
        var outbox = service.Database.Open();
        if (fill is not null) await fill(outbox);
        await outbox.DisposeAsync();
        service.Root = new JsonObject
        {
            // No service listens on port 9, so the file is opened.
            ["Operations"] = new JsonObject { ["Url"] = "http://127.0.0.1:9" },
            ["Outbox"] = new JsonObject { ["Path"] = service.Database.Path, ["MinFreeBytes"] = 0 },
            ["Destinations"] = new JsonObject
            {
                ["web-qa"] = new JsonObject { ["Type"] = "sandbox" },
                ["mobile"] = new JsonObject { ["Type"] = "sandbox", ["As"] = "teams" },
            },
            ["Routes"] = new JsonArray(new JsonObject { ["To"] = new JsonArray("web-qa") }),
        };
        return service;
    }

    /// <summary>The first pending delivery of a destination ends like this.</summary>
    public static async Task EndAsync(SqliteOutbox outbox, string destination, DeliveryState state, SendReason reason)
    {
        var pending = (await outbox.ReadPendingAsync(destination, 1, CancellationToken.None))[0];
        await outbox.StartAttemptAsync(pending, Some.Moment);
        await outbox.RecordAsync(Some.Outcome(pending) with { State = state, Reason = reason });
    }

    /// <summary>Runs a command with these settings.</summary>
    public async Task<CommandRun> RunAsync(params string[] arguments)
    {
        if (!File.Exists(Settings)) await File.WriteAllTextAsync(Settings, Root.ToJsonString());
        var run = await CommandRun.OfAsync([.. arguments, "--config", Settings]);
        if (!arguments.Contains("--json"))
        {
            foreach (var line in run.Output.Split('\n').Where(line => !line.Contains(Database.Folder.Name, StringComparison.Ordinal)))
                Assert.True(line.TrimEnd().Length <= TerminalText.Width, $"{string.Join(' ', arguments)}: {line}");
        }

        return run;
    }

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
