using System.Text.Json.Serialization;

namespace DefectNotifier.Events;

/// <summary>
/// The stored state of a defect, combined from all its events and the responses of Qase's API. The result does not depend on the order
/// in which they arrived, nor on duplicates. Usually only the first event has the title; later events have little more than the id.
/// </summary>
public sealed record Defect
{
    /// <summary>
    /// Two resolution times that differ by at most this are the same resolution: an event has the time at which it was sent.
    /// </summary>
    private static readonly TimeSpan SameResolution = TimeSpan.FromMinutes(1);

    /// <summary>The history keeps this many entries, the latest.</summary>
    public const int MaxHistory = 20;

    public required DefectOpening Opening { get; init; }

    public DefectFact? LastTitle { get; init; }

    /// <summary>The severity's label.</summary>
    public DefectFact? LastSeverity { get; init; }

    /// <summary>
    /// The status apart from a deletion. Qase has no event for a reopened defect: an update with another status shows it.
    /// </summary>
    public DefectFact? LastStatus { get; init; }

    /// <summary>The event that created it; null when none was received.</summary>
    public DefectHistoryEntry? Opened { get; init; }

    /// <summary>The latest <c>defect.resolved</c>, even if the defect was reopened later: see <see cref="Resolution"/>.</summary>
    public DefectHistoryEntry? LastResolved { get; init; }

    /// <summary>The latest event that is neither a creation, a resolution nor a deletion.</summary>
    public DefectHistoryEntry? Updated { get; init; }

    /// <summary>The event that deleted it. A deletion is final.</summary>
    public DefectHistoryEntry? Deleted { get; init; }

    /// <summary>What only the API reported; null when it was not asked or has not responded.</summary>
    public DefectReport? Report { get; init; }

    /// <summary>What the latest update changed, according to Qase's API; null: not known.</summary>
    public DefectChanges? Changes { get; init; }

    /// <summary>The earliest first; at most <see cref="MaxHistory"/>.</summary>
    public IReadOnlyList<DefectHistoryEntry> History { get; init; } = [];

    public string? Title => LastTitle?.Text;

    public Severity? Severity => Severity.Parse(LastSeverity?.Text);

    /// <summary>One of <see cref="DefectStatus"/> or any other text; null when unknown.</summary>
    public string? Status => Deleted is null ? LastStatus?.Text : DefectStatus.Deleted;

    /// <summary>Its creation according to its event, else according to the API.</summary>
    public DefectHistoryEntry? Creation => Opened
        ?? (Report?.CreatedAt is { } at ? new DefectHistoryEntry(DefectHistoryEntry.Created, at, Report.CreatedBy) : null);

    /// <summary>Null when it is not resolved now. A deletion does not change it.</summary>
    public DefectHistoryEntry? Resolution => LastStatus is { Text: DefectStatus.Resolved } fact ? ReportedResolution() ?? fact.Since : null;

    /// <summary>True while asking the API may help: no title is known. Qase does not return deleted defects.</summary>
    public bool LacksDetails => Title is null && Deleted is null;

    /// <summary>The ids of the workspace members who acted on it, without automations (id 0).</summary>
    public IEnumerable<long> TeamMembers() => ((IEnumerable<DefectHistoryEntry?>)[.. History, Creation, Resolution, Deleted])
        .Select(entry => entry?.TeamMemberId).OfType<long>().Where(id => id > 0).Distinct();

    /// <summary>
    /// From its creation until it was resolved, found invalid or deleted; null while it is open, and when a time is unknown.
    /// </summary>
    public TimeSpan? OpenFor
    {
        get
        {
            var end = Resolution ?? (LastStatus is { Text: DefectStatus.Invalid } fact ? fact.Since : Deleted);
            return end?.At - Creation?.At is { } span && span >= TimeSpan.Zero ? span : null;
        }
    }

    /// <summary>True when nothing more is expected to happen to it.</summary>
    public bool IsClosed => Status is DefectStatus.Resolved or DefectStatus.Invalid or DefectStatus.Deleted;

    /// <summary>The defect with one more event.</summary>
    /// <param name="before">What is stored; null for the first event.</param>
    /// <param name="defectEvent">An event of this defect; it may be earlier than events that are already included.</param>
    /// <param name="eventId">Our id of the event.</param>
    /// <param name="receivedAt">When it arrived; used where the event has no time.</param>
    /// <param name="body">The request body of the event.</param>
    public static Defect After(
        Defect? before, DefectEvent defectEvent, string eventId, DateTimeOffset receivedAt, ReadOnlyMemory<byte> body)
    {
        var entry = DefectHistoryEntry.Of(defectEvent, receivedAt);
        var status = DefectStatus.Parse(defectEvent.Status) ?? entry.Event switch
        {
            DefectHistoryEntry.Created => DefectStatus.Open,
            DefectHistoryEntry.Resolved => DefectStatus.Resolved,
            _ => null,
        };
        var opening = new DefectOpening { EventId = eventId, ReceivedAt = receivedAt, Entry = entry, Body = body };
        return new Defect
        {
            Opening = before is null || opening.IsBefore(before.Opening) ? opening : before.Opening,
            LastTitle = DefectFact.Later(before?.LastTitle, defectEvent.Title, entry),
            LastSeverity = DefectFact.Later(before?.LastSeverity, defectEvent.Severity?.Label, entry),
            LastStatus = DefectFact.Later(before?.LastStatus, status, entry),
            Opened = entry.Event == DefectHistoryEntry.Created ? Earlier(before?.Opened, entry) : before?.Opened,
            LastResolved = entry.Event == DefectHistoryEntry.Resolved ? Later(before?.LastResolved, entry) : before?.LastResolved,
            Updated = entry.IsUpdate ? Later(before?.Updated, entry) : before?.Updated,
            Deleted = entry.Event == DefectHistoryEntry.Deleted ? Earlier(before?.Deleted, entry) : before?.Deleted,
            Report = before?.Report,
            Changes = before?.Changes,
            History = With(before?.History ?? [], entry),
        };
    }

    /// <summary>
    /// The defect with a response of Qase's API. Each fact is dated with the defect's own latest time, so events that happened later win,
    /// whenever they arrive. A deletion stays.
    /// </summary>
    public Defect With(DefectDetails details)
    {
        var after = this with
        {
            LastTitle = DefectFact.Later(LastTitle, details.Title, details.Since),
            LastSeverity = DefectFact.Later(LastSeverity, details.Severity?.Label, details.Since),
            LastStatus = DefectFact.Later(LastStatus, DefectStatus.Parse(details.Status), details.Since),
            Report = DefectReport.Later(Report, DefectReport.Of(details)),
        };
        return after with { Changes = DefectChanges.Between(this, after) };
    }

    /// <summary>True when every message about the two would be the same.</summary>
    public bool HasSameContentAs(Defect other) =>
        (Title, Severity, Status, Creation, Resolution, Deleted, OpenFor)
            == (other.Title, other.Severity, other.Status, other.Creation, other.Resolution, other.Deleted, other.OpenFor)
        && (Report?.HasSameContentAs(other.Report) ?? other.Report is null)
        && (Changes?.HasSameContentAs(other.Changes) ?? other.Changes is null)
        && History.SequenceEqual(other.History);

    /// <summary>
    /// The event, completed with what else is known of its defect. Title, severity and status are the current ones. What only the opening
    /// event has comes from there, and where that event was never received, from the API. The payload is unchanged.
    /// </summary>
    /// <param name="defectEvent">The event.</param>
    /// <param name="openingEvent">The opening event, if it was parsed already; null: it is parsed here when it is needed.</param>
    public DefectEvent Complete(DefectEvent defectEvent, DefectEvent? openingEvent = null)
    {
        var isOpening = Opening.Body.IsEmpty
            || string.Equals(defectEvent.Name, DefectHistoryEntry.Created, StringComparison.OrdinalIgnoreCase);
        var opening = isOpening ? null : openingEvent ?? WebhookParser.Parse(Opening.Body, defectEvent.Source).Event;
        return defectEvent with
        {
            Title = Title ?? defectEvent.Title,
            Severity = Severity ?? defectEvent.Severity,
            Status = Status ?? defectEvent.Status,
            ActualResult = defectEvent.ActualResult ?? opening?.ActualResult ?? Report?.ActualResult,
            CaseId = defectEvent.CaseId ?? opening?.CaseId,
            Step = defectEvent.Step ?? opening?.Step,
            Attachments = defectEvent.Attachments.Count > 0 ? defectEvent.Attachments
                : opening is { Attachments.Count: > 0 } ? opening.Attachments
                : Report?.Attachments ?? [],
        };
    }

    // The event also says who resolved it. The API's time counts where no event of a resolution was received, or only of an earlier one.
    private DefectHistoryEntry? ReportedResolution() => Report?.ResolvedAt is { } at && !(at <= LastResolved?.At + SameResolution)
        ? new DefectHistoryEntry(DefectHistoryEntry.Resolved, at, TeamMemberId: null)
        : LastResolved;

    private static DefectHistoryEntry Earlier(DefectHistoryEntry? before, DefectHistoryEntry entry) =>
        before is null || entry.CompareTo(before) < 0 ? entry : before;

    private static DefectHistoryEntry Later(DefectHistoryEntry? before, DefectHistoryEntry entry) =>
        before is null || entry.CompareTo(before) > 0 ? entry : before;

    private static IReadOnlyList<DefectHistoryEntry> With(IReadOnlyList<DefectHistoryEntry> before, DefectHistoryEntry entry)
    {
        var place = before.Count;
        while (place > 0 && entry.CompareTo(before[place - 1]) < 0) place--;
        if (place > 0 && entry.CompareTo(before[place - 1]) == 0) return before;
        return before.Count < MaxHistory ? [.. before.Take(place), entry, .. before.Skip(place)]
            : place == 0 ? before
            : [.. before.Take(place).Skip(1), entry, .. before.Skip(place)];
    }
}

/// <summary>One property of a defect, as the latest event that had it said.</summary>
/// <param name="Text">The value.</param>
/// <param name="Since">The event that said it.</param>
public sealed record DefectFact(string Text, DefectHistoryEntry Since)
{
    /// <summary>The later of two facts. For equal times the choice does not depend on the order of arrival.</summary>
    internal static DefectFact? Later(DefectFact? before, string? text, DefectHistoryEntry since)
    {
        if (text is null) return before;
        var order = before is null ? -1 : before.Since.CompareTo(since);
        if (order == 0) order = string.CompareOrdinal(before!.Text, text);
        return order < 0 ? new DefectFact(text, since) : before;
    }
}

/// <summary>
/// The first event of a defect that was received: the one that created it, else the earliest. It has details that no other event has, so
/// messages about the defect are built from it.
/// </summary>
public sealed record DefectOpening
{
    public required string EventId { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>What the event was and when it happened.</summary>
    public required DefectHistoryEntry Entry { get; init; }

    /// <summary>The request body as received. An outbox stores it apart from the rest and reads it only for rendering.</summary>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>True when this event is the better opening. Of two different events exactly one is.</summary>
    internal bool IsBefore(DefectOpening other)
    {
        if (IsCreation != other.IsCreation) return IsCreation;
        var order = Entry.CompareTo(other.Entry);
        return order == 0 ? string.CompareOrdinal(EventId, other.EventId) < 0 : order < 0;
    }

    private bool IsCreation => Entry.Event == DefectHistoryEntry.Created;
}
