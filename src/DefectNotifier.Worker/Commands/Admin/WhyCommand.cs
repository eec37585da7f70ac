using System.CommandLine;
using System.Text.Json;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary><c>outbox why</c>.</summary>
internal static class WhyCommand
{
    public static Command Build(Option<string?> config)
    {
        var id = new Argument<string>("EVENT_ID") { Description = "The event's id, from the webhook's response or from outbox list." };
        // An empty id would become the path of all events.
        id.Validators.Add(result =>
        {
            if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string>())) result.AddError("EVENT_ID is empty.");
        });
        var json = OutboxOptions.Json();
        var command = new Command(
            "why", "Show the timeline of an event: why each route matched or not, every attempt and wait, and what you can do.")
        {
            id, json,
        };
        command.SetAction((parsed, stop) => OutboxAdminAccess.RunAsync(
            parsed.GetValue(config), admin => ShowAsync(admin, parsed.GetValue(id)!, parsed.GetValue(json), stop), stop));
        return command;
    }

    private static async Task<int> ShowAsync(IOutboxAdmin admin, string eventId, bool asJson, CancellationToken stop)
    {
        var (timeline, problem) = await admin.FindEventAsync(eventId, stop);
        if (timeline is null) return CommandErrors.Report(problem!);
        if (asJson) Output.WriteJson(JsonSerializer.Serialize(timeline, OperationsJson.Readable.StoredEvent));
        else if (Output.IsQuiet)
            Output.WriteLines(timeline.Deliveries.Select(one => new TerminalLine($"{one.Id} {one.Destination} {one.State}")));
        else Output.WriteLines(new TimelineText(await admin.ReadLanesAsync(stop), TimeProvider.System.GetUtcNow()).Of(timeline));
        return ExitCodes.Ok;
    }
}
