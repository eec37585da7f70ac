using System.CommandLine;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Commands.Admin;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Hosting;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Settings;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Replaying;

/// <summary>The options of <c>replay</c>. Without a new file the current settings are used, which is useful with other templates.</summary>
internal sealed record ReplayOptions(string? CurrentFile, string? NewFile, string? Templates, DateTimeOffset? Since, long? Limit);

/// <summary><c>replay</c>: shows what a new configuration would have done with the stored events. Read-only.</summary>
internal static class ReplayCommand
{
    /// <summary>So many of the latest events are read for what they say of the defects.</summary>
    private const long MaxRemembered = 100_000;

    public static Command Build(Option<string?> config)
    {
        var since = new Option<string>("--since")
        {
            Description = "Replay events received since then: 12h, 30d, or a time such as 2026-03-14T15:00:00Z.",
            HelpName = "WHEN",
            DefaultValueFactory = _ => "7d",
        };
        var templates = CommandOptions.Text(
            "--templates", "DIR", "A folder of templates instead of the new settings' Templates:Path.");
        var current = CommandOptions.Text(
            "--current", "FILE", $"The settings of the running service; default: {SettingsSources.DefaultFile}.");
        var limit = CommandOptions.Text("--limit", "N", "The maximum number of events, newest first.");
        var json = CommandOptions.Flag("--json", "Write one JSON object.");
        var command = new Command("replay", "Show what would change for stored events with the settings of --config. Nothing is sent.")
        {
            since, templates, current, limit, json,
        };
        command.SetAction((parsed, stop) =>
        {
            var reader = new FilterReader(TimeProvider.System.GetUtcNow());
            var from = reader.Since(parsed.GetValue(since));
            var max = reader.Number(parsed.GetValue(limit), "limit", long.MaxValue);
            if (reader.Problem is { } problem) return Task.FromResult(CommandErrors.ReportOption(problem));
            var options = new ReplayOptions(parsed.GetValue(current), parsed.GetValue(config), parsed.GetValue(templates), from, max);
            return RunAsync(options, parsed.GetValue(json), stop);
        });
        return command;
    }

    private static Task<int> RunAsync(ReplayOptions options, bool asJson, CancellationToken stop) => CommandErrors.CatchAsync(async () =>
    {
        CommandSettings.RequireFolder(options.Templates);
        try
        {
            var report = await RunAsync(options, stop);
            if (asJson) Output.WriteJson(report, ReplayJson.Readable.ReplayReport);
            else Output.WriteLines(ReplayText.Of(report));
            return ExitCodes.Ok;
        }
        catch (Exception error) when (error is OutboxAdminException or HttpRequestException)
        {
            Output.WriteError(error.Message);
            return ExitCodes.Failed;
        }
    });

    internal static async Task<ReplayReport> RunAsync(ReplayOptions options, CancellationToken stop)
    {
        using var components = new ChatComponents(TimeProvider.System);
        var types = components.DestinationTypes;
        var current = CommandSettings.Read(options.CurrentFile, components);
        var changed = CommandSettings.Read(options.NewFile ?? options.CurrentFile, components, options.Templates);
        var memory = new ReplayMemory();
        var replay = new Replay(new ReplaySide(current, types), new ReplaySide(changed, types), memory);
        return await OutboxAdminAccess.ReadArchiveAsync(current, async archive =>
        {
            // The creation of a defect may be older than the events that are asked for.
            await ReadAllAsync(archive, since: null, MaxRemembered, memory.Add, stop);
            await ReadAllAsync(archive, options.Since, options.Limit, replay.Add, stop);
            return replay.Report with { Since = options.Since };
        }, stop);
    }

    // One page at a time, so that the memory does not grow with the number of events.
    private static async Task ReadAllAsync(
        IEventArchive archive, DateTimeOffset? since, long? limit, Action<ArchivedEvent> add, CancellationToken stop)
    {
        var left = limit ?? long.MaxValue;
        for (long? before = long.MaxValue; before is not null && left > 0;)
        {
            var query = new ArchiveQuery { Since = since, Before = before, Limit = (int)Math.Min(left, ArchiveQuery.MaxLimit) };
            var page = await archive.ReadArchiveAsync(query, stop);
            foreach (var stored in page.Events) add(stored);
            (before, left) = (page.Next, left - page.Events.Count);
        }
    }
}
