using System.Text.RegularExpressions;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Terminal;
using Spectre.Console;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary>Finds what the argument of <c>why</c> names, and shows it.</summary>
/// <param name="admin">The outbox.</param>
/// <param name="source">Only what this endpoint received; null: all.</param>
/// <param name="asJson">True writes JSON.</param>
/// <param name="stop">Ends the search.</param>
internal sealed partial class WhySearch(IOutboxAdmin admin, string? source, bool asJson, CancellationToken stop)
{
    /// <summary>The events of a defect that are shown; each is one request to the service.</summary>
    private const int MaxEvents = 20;

    private readonly List<TerminalLine> _lines = [];

    public async Task<int> ShowAsync(string target)
    {
        if (long.TryParse(target, out var delivery) && delivery > 0 && (await admin.FindAsync(delivery, stop)).Value is { } found)
            return await ShowEventAsync(found.Delivery.EventId);
        if (DefectPattern().Match(target) is { Success: true } match && match.Groups["project"] is { Success: true, Value: var project })
        {
            var number = long.Parse(match.Groups["number"].Value);
            var events = await FindDefectAsync(project, number);
            // D-97 is the number that messages show, without the project.
            if (events.Count == 0 && string.Equals(project, "D", StringComparison.OrdinalIgnoreCase))
                events = await FindDefectAsync(project: null, number);
            if (events.Count > 0) return await ShowDefectAsync(events);
            return await ShowByIdAsync(target) ?? ReportUnknownDefect(project.ToUpperInvariant(), number);
        }

        return await ShowByIdAsync(target) ?? ReportUnknown(target, isNumber: delivery > 0);
    }

    // WEB-97, WEB D-97 and WEB 97.
    [GeneratedRegex(@"^((?<project>\S+?)[\s-]+)?(D-)?(?<number>\d{1,18})$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DefectPattern();

    private async Task<IReadOnlyList<EventSummary>> FindDefectAsync(string? project, long number)
    {
        var query = new EventSummaryQuery
        {
            SubjectId = number,
            ProjectCode = project is null ? null : new Glob(project),
            Name = new Glob("defect.*"),
            Source = source,
            Limit = EventSummaryQuery.MaxLimit,
        };
        return await ReadAsync(query);
    }

    private async Task<IReadOnlyList<EventSummary>> ReadAsync(EventSummaryQuery query)
    {
        var (page, problem) = await EventCommands.ReadAsync(admin, query, stop);
        return page?.Events ?? throw new OutboxAdminException(problem!.Detail);
    }

    private async Task<int> ShowDefectAsync(IReadOnlyList<EventSummary> events)
    {
        var newest = events[0];
        if (events.Any(one => !IsSame(one, newest))) return ReportSeveral(events);
        var stored = new List<StoredEvent>();
        foreach (var one in events.Take(MaxEvents))
            if ((await admin.FindEventAsync(one.Id, stop)).Value is { } found) stored.Add(found);
        if (asJson)
        {
            Output.WriteJson(stored, OperationsJson.Readable.IReadOnlyListStoredEvent);
            return ExitCodes.Ok;
        }

        if (Output.IsQuiet)
        {
            foreach (var one in stored) WriteBare(one);
            return ExitCodes.Ok;
        }

        Write($"Defect {LabelOf(newest)}: {newest.Title ?? "the title is not known"}", TerminalStyle.Heading);
        string?[] facts =
        [
            stored.Select(one => one.DefectStatus).FirstOrDefault(status => status is not null),
            newest.Severity,
            newest.Source.Length > 0 ? $"from {newest.Source}" : null,
        ];
        if (facts.Any(fact => fact is not null)) Write($"  {string.Join(", ", facts.OfType<string>())}");
        foreach (var one in stored) WriteShort(one);
        if (events.Count > stored.Count)
        {
            Write("");
            var project = newest.ProjectCode is { } code ? $" --project {code}" : "";
            Write($"Run events list{project} --defect {newest.SubjectId} to see {events.Count - stored.Count} earlier events.");
        }

        Write("");
        Output.WriteLines(_lines);
        if (stored is [var latest, ..]) Output.WriteLines((await ShowCommand.TimelineTextAsync(admin, stop)).Of(latest));
        return ExitCodes.Ok;
    }

    private void WriteShort(StoredEvent one)
    {
        Write("");
        Write($"{TimeText.Of(one.ReceivedAt)} {one.Name}{(one.Actor is { } actor ? $" by {actor}" : "")}", TerminalStyle.Heading);
        foreach (var delivery in one.Deliveries)
            Write($"  {delivery.Sentence ?? $"{delivery.Destination}: {delivery.State.Word()}"}", TerminalStyle.OfState(delivery.State));
        if (one.Deliveries.Count == 0) Write("  No route matched, so nothing is sent.");
    }

    // Null: no id starts with this.
    private async Task<int?> ShowByIdAsync(string target)
    {
        // An id is a UUID; other programs may write it with dashes.
        var id = Guid.TryParse(target, out var guid) ? guid.ToString("N") : target;
        if (id.Any(char.IsWhiteSpace)) return null;
        var events = await ReadAsync(new EventSummaryQuery { IdPrefix = id, Source = source, Limit = 2 });
        if (events.Count == 0 && id.Any(char.IsAsciiLetterUpper))
            events = await ReadAsync(new EventSummaryQuery { IdPrefix = id.ToLowerInvariant(), Source = source, Limit = 2 });
        switch (events)
        {
            case []:
                return null;
            case [var one]:
                return await ShowEventAsync(one.Id);
            default:
                Output.WriteError($"Several event ids start with '{id}'. Pass more of the id.");
                Output.WriteError($"The newest of them is {events[0].Id}.");
                return ExitCodes.BadArguments;
        }
    }

    private async Task<int> ShowEventAsync(string eventId) => await OutboxCommands.WriteAsync(
        await admin.FindEventAsync(eventId, stop), asJson, OperationsJson.Readable.StoredEvent, async timeline =>
        {
            if (Output.IsQuiet) WriteBare(timeline);
            else Output.WriteLines((await ShowCommand.TimelineTextAsync(admin, stop)).Of(timeline));
        });

    private static int ReportSeveral(IReadOnlyList<EventSummary> events)
    {
        Output.WriteError("Several defects have this number:");
        foreach (var one in events.DistinctBy(one => (one.Source, one.ProjectCode?.ToUpperInvariant())))
        {
            var endpoint = one.Source.Length > 0 ? $"endpoint {one.Source}" : "the default endpoint";
            foreach (var line in TerminalText.Wrap($"  {LabelOf(one)} at {endpoint}: {one.Title}")) Output.WriteError(line);
        }

        Output.WriteError("Pass the project, for example why WEB-97, or the endpoint: --source NAME (--source \"\": the default).");
        return ExitCodes.BadArguments;
    }

    private static int ReportUnknownDefect(string project, long number)
    {
        Output.WriteError($"No event of defect {project}-{number} is stored.");
        Output.WriteError($"Check in Qase that the webhook of project {project} is active and its URL points here.");
        Output.WriteError($"Run events list --project {project} to see what has arrived from this project.");
        return ExitCodes.Failed;
    }

    private static int ReportUnknown(string target, bool isNumber)
    {
        Output.WriteError(isNumber
            ? $"There is no delivery {target}, and no event id starts with {target}."
            : $"No event id starts with '{target}'.");
        Output.WriteError("Pass a defect such as WEB-97, or run events list or outbox list --state all to see what is stored.");
        return ExitCodes.Failed;
    }

    private static void WriteBare(StoredEvent timeline)
    {
        foreach (var one in timeline.Deliveries) Output.WriteLine($"{one.Id} {one.Destination} {one.State.Word()}");
    }

    private static bool IsSame(EventSummary one, EventSummary other) =>
        one.Source == other.Source && string.Equals(one.ProjectCode, other.ProjectCode, StringComparison.OrdinalIgnoreCase);

    private static string LabelOf(EventSummary one) => EventText.DefectOf(one.Name, one.ProjectCode, one.SubjectId)!;

    private void Write(string line, Style? style = null) =>
        _lines.AddRange(TerminalText.Wrap(TerminalText.Line(line)).Select(part => new TerminalLine(part, style)));
}
