namespace DefectNotifier.Events;

/// <summary>
/// What is remembered of a defect: what all its events and the answers of Qase's API say together. It does not matter in which order they came, or whether one came
/// twice. Only the first event names the defect; the others carry its id alone.
/// </summary>
public sealed record Defect
{
    /// <summary>Two times of one resolution may differ by so much: an event's is when it was sent.</summary>
    private static readonly TimeSpan SameResolution = TimeSpan.FromMinutes(1);

    /// <summary>So many entries of the history are kept, the latest.</summary>
    public const int MaxHistory = 20;

    public required DefectOpening Opening { get; init; }

    public DefectFact? LastTitle { get; init; }

    /// <summary>The severity's label.</summary>
    public DefectFact? LastSeverity { get; init; }

    /// <summary>The status apart from a deletion. No event of Qase's tells of a reopening: it is seen when an update says a status.</summary>
    public DefectFact? LastStatus { get; init; }

    /// <summary>Its creation; null when that was not seen.</summary>
    public DefectHistoryEntry? Opened { get; init; }

    /// <summary>When it was resolved last, even if it was opened again later: see <see cref="Resolution"/>.</summary>
    public DefectHistoryEntry? LastResolved { get; init; }

    /// <summary>The last event that was none of the others.</summary>
    public DefectHistoryEntry? Updated { get; init; }

    /// <summary>Nothing that comes later makes it undone.</summary>
    public DefectHistoryEntry? Deleted { get; init; }

    /// <summary>What the API told that no event did; null: it was not asked, or has not answered.</summary>
    public DefectReport? Report { get; init; }

    /// <summary>In order, the earliest first; at most <see cref="MaxHistory"/>.</summary>
    public IReadOnlyList<DefectHistoryEntry> History { get; init; } = [];

    public string? Title => LastTitle?.Text;

    public Severity? Severity => Severity.Parse(LastSeverity?.Text);

    /// <summary>One of <see cref="DefectStatus"/> or any other text; null when no event told.</summary>
    public string? Status => Deleted is null ? LastStatus?.Text : DefectStatus.Deleted;

    /// <summary>Its creation as its event told it, else as the API did.</summary>
    public DefectHistoryEntry? Creation => Opened ?? (Report?.CreatedAt is { } at ? new DefectHistoryEntry(DefectHistoryEntry.Created, at, Report.CreatedBy) : null);

    /// <summary>Null when it is not resolved now. A deletion leaves it as it is.</summary>
    public DefectHistoryEntry? Resolution => LastStatus is { Text: DefectStatus.Resolved } said ? ResolutionTold() ?? said.Since : null;

    /// <summary>True while Qase has something to tell: nothing named it. What is deleted there can't be asked for.</summary>
    public bool LacksDetails => Title is null && Deleted is null;

    /// <summary>The members of the workspace that have to do with it, by their ids; automations (0) are none.</summary>
    public IEnumerable<long> TeamMembers() =>
        ((IEnumerable<DefectHistoryEntry?>)[.. History, Creation, Resolution, Deleted]).Select(entry => entry?.TeamMemberId).OfType<long>().Where(id => id > 0).Distinct();

    /// <summary>From its creation until it was resolved, found invalid or deleted; null while it is open, and when that can't be told.</summary>
    public TimeSpan? OpenFor
    {
        get
        {
            var end = Resolution ?? (LastStatus is { Text: DefectStatus.Invalid } said ? said.Since : Deleted);
            return end?.At - Creation?.At is { } span && span >= TimeSpan.Zero ? span : null;
        }
    }

    /// <summary>True when nothing more is expected to happen to it.</summary>
    public bool IsClosed => Status is DefectStatus.Resolved or DefectStatus.Invalid or DefectStatus.Deleted;

    /// <param name="before">What was remembered; null: nothing.</param>
    /// <param name="defectEvent">An event of this defect, in whatever place of the order.</param>
    /// <param name="eventId">Our id of it.</param>
    /// <param name="receivedAt">When it arrived; stands in for when it happened.</param>
    /// <param name="body">The bytes it was read from.</param>
    public static Defect After(Defect? before, DefectEvent defectEvent, string eventId, DateTimeOffset receivedAt, ReadOnlyMemory<byte> body)
    {
        var entry = DefectHistoryEntry.Of(defectEvent, receivedAt);
        var opening = new DefectOpening { EventId = eventId, ReceivedAt = receivedAt, Entry = entry, Body = body };
        return new Defect
        {
            Opening = before is null || opening.IsBefore(before.Opening) ? opening : before.Opening,
            LastTitle = DefectFact.Later(before?.LastTitle, defectEvent.Title, entry),
            LastSeverity = DefectFact.Later(before?.LastSeverity, defectEvent.Severity?.Label, entry),
            LastStatus = DefectFact.Later(before?.LastStatus, StatusIn(defectEvent, entry), entry),
            Opened = entry.Event == DefectHistoryEntry.Created ? Earlier(before?.Opened, entry) : before?.Opened,
            LastResolved = entry.Event == DefectHistoryEntry.Resolved ? Later(before?.LastResolved, entry) : before?.LastResolved,
            Updated = entry.IsUpdate ? Later(before?.Updated, entry) : before?.Updated,
            Deleted = entry.Event == DefectHistoryEntry.Deleted ? Earlier(before?.Deleted, entry) : before?.Deleted,
            Report = before?.Report,
            History = With(before?.History ?? [], entry),
        };
    }

    /// <summary>
    /// With what Qase's API answered. Each fact counts as of the defect's own latest time: events that happened later win, whenever they came. A deletion is never undone.
    /// </summary>
    public Defect With(DefectDetails details) => this with
    {
        LastTitle = DefectFact.Later(LastTitle, details.Title, details.Since),
        LastSeverity = DefectFact.Later(LastSeverity, details.Severity?.Label, details.Since),
        LastStatus = DefectFact.Later(LastStatus, DefectStatus.Parse(details.Status), details.Since),
        Report = DefectReport.Later(Report, DefectReport.Of(details)),
    };

    /// <summary>True when no message could tell the two apart.</summary>
    public bool LooksLike(Defect other) =>
        (Title, Severity, Status, Creation, Resolution, Deleted, OpenFor) == (other.Title, other.Severity, other.Status, other.Creation, other.Resolution, other.Deleted, other.OpenFor)
        && (Report?.SaysTheSame(other.Report) ?? other.Report is null) && History.SequenceEqual(other.History);

    /// <summary>
    /// The event with what else is known of its defect. Title, severity and status are those of now, whatever the event said in its time; what only the opening event
    /// tells is taken from there, and where that was never seen from what the API told. The payload stays as it came.
    /// </summary>
    /// <param name="defectEvent">The event.</param>
    /// <param name="openingEvent">The opening event, where it was parsed already; null: it is parsed here if it is needed.</param>
    public DefectEvent Complete(DefectEvent defectEvent, DefectEvent? openingEvent = null)
    {
        var saysAll = Opening.Body.IsEmpty || string.Equals(defectEvent.Name, DefectHistoryEntry.Created, StringComparison.OrdinalIgnoreCase);
        var opening = saysAll ? null : openingEvent ?? WebhookParser.Parse(Opening.Body, defectEvent.Source).Event;
        return defectEvent with
        {
            Title = Title ?? defectEvent.Title,
            Severity = Severity ?? defectEvent.Severity,
            Status = Status ?? defectEvent.Status,
            ActualResult = defectEvent.ActualResult ?? opening?.ActualResult ?? Report?.ActualResult,
            CaseId = defectEvent.CaseId ?? opening?.CaseId,
            Step = defectEvent.Step ?? opening?.Step,
            Attachments = defectEvent.Attachments.Count > 0 ? defectEvent.Attachments : opening is { Attachments.Count: > 0 } ? opening.Attachments : Report?.Attachments ?? [],
        };
    }

    // The event knows who did it. The API's word counts where no event told of a resolution, or only of an earlier one.
    private DefectHistoryEntry? ResolutionTold() => Report?.ResolvedAt is { } told && !(told <= LastResolved?.At + SameResolution)
        ? new DefectHistoryEntry(DefectHistoryEntry.Resolved, told, TeamMemberId: null)
        : LastResolved;

    private static string? StatusIn(DefectEvent defectEvent, DefectHistoryEntry entry) => DefectStatus.Parse(defectEvent.Status) ?? entry.Event switch
    {
        DefectHistoryEntry.Created => DefectStatus.Open,
        DefectHistoryEntry.Resolved => DefectStatus.Resolved,
        _ => null,
    };

    private static DefectHistoryEntry Earlier(DefectHistoryEntry? before, DefectHistoryEntry entry) => before is null || entry.Against(before) < 0 ? entry : before;

    private static DefectHistoryEntry Later(DefectHistoryEntry? before, DefectHistoryEntry entry) => before is null || entry.Against(before) > 0 ? entry : before;

    private static IReadOnlyList<DefectHistoryEntry> With(IReadOnlyList<DefectHistoryEntry> before, DefectHistoryEntry entry)
    {
        var place = before.Count;
        while (place > 0 && entry.Against(before[place - 1]) < 0) place--;
        if (place > 0 && entry.Against(before[place - 1]) == 0) return before;
        return before.Count < MaxHistory ? [.. before.Take(place), entry, .. before.Skip(place)]
            : place == 0 ? before
            : [.. before.Take(place).Skip(1), entry, .. before.Skip(place)];
    }
}
