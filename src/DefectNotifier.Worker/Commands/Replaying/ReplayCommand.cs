using System.CommandLine;
using System.Text.Json;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Commands.Replaying;

/// <summary><c>replay</c>: what a new configuration would have done with the events that are stored. Only reads.</summary>
internal static class ReplayCommand
{
    public static Command Build(Option<string?> config)
    {
        var since = new Option<string?>("--since") { Description = "Events received since then: 7d, 12h, or a time such as 2026-03-14T15:00:00Z.", HelpName = "WHEN", Required = true };
        var templates = new Option<string?>("--templates") { Description = "A folder of templates in place of the new settings' Templates:Path.", HelpName = "DIR" };
        var current = new Option<string?>("--current") { Description = $"The settings that the service runs with; default {SettingsSources.DefaultFile}.", HelpName = "FILE" };
        var limit = new Option<string?>("--limit") { Description = "At most so many events, the newest.", HelpName = "N" };
        var json = new Option<bool>("--json") { Description = "Write one JSON object." };
        var command = new Command("replay", "Run stored events through the settings of --config and show what would have been otherwise; nothing is sent.") { since, templates, current, limit, json };
        command.SetAction((parsed, stop) =>
        {
            var reader = new FilterReader(TimeProvider.System.GetUtcNow());
            if (reader.ReadSince(parsed.GetValue(since), out var from) is { } late) return Task.FromResult(Refusals.TellOption(late));
            if (FilterReader.ReadNumber(parsed.GetValue(limit), "limit", long.MaxValue, out var most) is { } noLimit) return Task.FromResult(Refusals.TellOption(noLimit));
            var options = new ReplayOptions(parsed.GetValue(current), parsed.GetValue(config), parsed.GetValue(templates), from, most);
            return RunAsync(options, parsed.GetValue(json), stop);
        });
        return command;
    }

    private static Task<int> RunAsync(ReplayOptions options, bool asJson, CancellationToken stop) => StartErrors.TellAsync(async () =>
    {
        if (options.Templates is { } folder && !Directory.Exists(folder)) throw new SettingsException([$"--templates: there is no folder '{folder}'."]);
        try
        {
            var report = await RunAsync(options, stop);
            if (asJson) Terminal.WriteJson(JsonSerializer.Serialize(report, ReplayJson.Readable.ReplayReport));
            else Terminal.WriteLines(ReplayText.Of(report));
            return ExitCodes.Ok;
        }
        catch (Exception error) when (error is OutboxAdminException or HttpRequestException)
        {
            Terminal.WriteError(error.Message);
            return ExitCodes.Failed;
        }
    });

    internal static async Task<ReplayReport> RunAsync(ReplayOptions options, CancellationToken stop)
    {
        using var components = new ChatComponents(TimeProvider.System);
        NotifierSettings Read(string? file, string? templates)
        {
            var (configuration, errors) = SettingsSources.Load(file);
            if (templates is not null) configuration["Templates:Path"] = templates;
            return new SettingsReader(components.DestinationTypes).Read(configuration, errors);
        }

        var current = Read(options.CurrentFile, templates: null);
        var replay = new Replay(new ReplaySide(current, components.DestinationTypes), new ReplaySide(Read(options.NewFile ?? options.CurrentFile, options.Templates), components.DestinationTypes));
        return await OutboxAdminAccess.ReadArchiveAsync(current, async archive =>
        {
            await ReadAllAsync(archive, options, replay, stop);
            return replay.Report;
        }, stop);
    }

    // A page at a time: what was seen of it is counted and let go.
    private static async Task ReadAllAsync(IEventArchive archive, ReplayOptions options, Replay replay, CancellationToken stop)
    {
        var left = options.Limit ?? long.MaxValue;
        for (long? before = long.MaxValue; before is not null && left > 0;)
        {
            var page = await archive.ReadArchiveAsync(new ArchiveQuery { Since = options.Since, Before = before, Limit = (int)Math.Min(left, ArchiveQuery.MaxLimit) }, stop);
            foreach (var stored in page.Events) replay.Add(stored);
            (before, left) = (page.Next, left - page.Events.Count);
        }
    }
}
