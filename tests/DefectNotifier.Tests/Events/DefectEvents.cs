using System.Text;
using System.Text.Json;
using CsCheck;
using DefectNotifier.Events;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Events;

/// <summary>Random events of one defect: many in the same second, some without a time, with arbitrary texts.</summary>
internal static class DefectEvents
{
    // Without lone surrogates: the parser replaces them.
    private static readonly Gen<string?> Text = Gen.OneOf(
        Gen.Const((string?)null),
        Gen.OneOf("a", "b", "  ", "\0", "\"}", "שגיאה \u202E", "👩🏽‍💻").Select(text => (string?)text),
        Gen.String.Select(text => (string?)Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text))));

    private static readonly Gen<DefectEvent> Any = Gen.Select(
        Gen.OneOf("defect.created", "Defect.Created", "defect.updated", "defect.resolved", "defect.deleted", "defect.reopened"),
        Gen.Int[-1, 5],
        Gen.Long[-1, 2],
        Text,
        Text,
        Gen.OneOf(
            Gen.Const((string?)null),
            Gen.OneOf("open", "In Progress", "resolved", "invalid", "deleted", "").Select(text => (string?)text),
            Text),
        (name, second, member, title, severity, status) => new DefectEvent
        {
            Source = "",
            Name = name,
            ProjectCode = "WEB",
            SubjectId = 73,
            OccurredAt = second < 0 ? null : Some.Moment.AddSeconds(second),
            TeamMemberId = member < 0 ? null : member,
            Title = title,
            Severity = Severity.Parse(severity),
            Status = status,
            Payload = JsonElement.Parse("{}"u8),
        });

    /// <summary>Random details from Qase's API, at about the same times.</summary>
    public static Gen<DefectDetails> Details { get; } = Gen.Select(
        Text, Text, Text, Gen.Int[-1, 6], Gen.Int[-1, 6], Gen.Int[-1, 6], Gen.Int[0, 2], NewDetails);

    private static DefectDetails NewDetails(
        string? title, string? status, string? result, int created, int updated, int resolved, int files) => new()
        {
            Title = title,
            Severity = Severity.Parse(status),
            Status = status is { Length: 1 } ? "resolved" : status,
            ActualResult = result,
            Attachments = [.. Enumerable.Range(0, files).Select(file => new Attachment($"file-{file}", result))],
            CreatedBy = created,
            CreatedAt = Second(created),
            UpdatedAt = Second(updated),
            ResolvedAt = Second(resolved),
            AskedAt = Some.Moment.AddSeconds(files),
        };

    /// <summary>Ids are unique, as in an outbox; times are not.</summary>
    public static Gen<NewDefectEvent[]> Life { get; } = Gen.Select(Any, Gen.Int[0, 5]).Array[1, 30].Select(events => events
        .Select((one, i) => new NewDefectEvent($"event-{i:D2}", one.Item1, Some.Moment.AddSeconds(one.Item2), Body(one.Item1.Name, i)))
        .ToArray());

    private static byte[] Body(string name, int step) =>
        Encoding.UTF8.GetBytes($$$"""{"event_name":"{{{name}}}","payload":{"id":73,"step":{{{step}}}}}""");

    private static DateTimeOffset? Second(int second) => second < 0 ? null : Some.Moment.AddSeconds(second);

    public static bool Is(NewDefectEvent one, string name) => string.Equals(one.Event.Name, name, StringComparison.OrdinalIgnoreCase);

    /// <summary>All that is known, as text that can be compared.</summary>
    public static string Describe(Defect? defect) => defect is null ? "nothing" : string.Join(
        '\n',
        [
            $"{defect.Title} | {defect.Severity} | {defect.Status} | {defect.OpenFor}",
            $"{defect.LastTitle} {defect.LastSeverity} {defect.LastStatus}",
            $"{defect.Opened} {defect.Updated} {defect.LastResolved} {defect.Resolution} {defect.Deleted}",
            $"{defect.Creation} {defect.LacksDetails} {defect.Report?.Since} {defect.Report?.ActualResult}",
            $"{defect.Report?.CreatedBy} {defect.Report?.CreatedAt:O} {defect.Report?.ResolvedAt:O}",
            string.Join(',', defect.Report?.Attachments ?? []),
            $"{defect.Opening.EventId} {defect.Opening.ReceivedAt:O} {defect.Opening.Entry}",
            Encoding.UTF8.GetString(defect.Opening.Body.Span),
            .. defect.History.Select(entry => entry.ToString()),
        ]);
}

/// <summary>An event of a defect as received.</summary>
internal sealed record NewDefectEvent(string Id, DefectEvent Event, DateTimeOffset ReceivedAt, byte[] Body);
