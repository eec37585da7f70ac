using System.Text.Json;
using DefectNotifier.Events;

namespace DefectNotifier.Enrichment;

/// <summary>
/// Reads the response to <c>GET /defect/{code}/{id}</c>. Any field may be null, missing or of another type; it then counts as missing.
/// </summary>
internal static class DefectDetailsReader
{
    /// <param name="result">The object <c>result</c>.</param>
    /// <param name="askedAt">When the request was sent.</param>
    public static DefectDetails Read(JsonElement result, DateTimeOffset askedAt) => new()
    {
        Title = result.Get("title").AsText(),
        Severity = WebhookParser.ReadSeverity(result.Get("severity")),
        Status = result.Get("status").AsText(),
        ActualResult = Cut(result.Get("actual_result").AsText()),
        Attachments = [.. WebhookParser.ReadAttachments(result.Get("attachments")).Take(DefectDetails.MaxAttachments)],
        CreatedBy = result.Get("member_id").AsInteger(),
        // "created" and "updated" are the older names; their values have no time zone.
        CreatedAt = result.Get("created_at").AsTime() ?? result.Get("created").AsTime(),
        UpdatedAt = result.Get("updated_at").AsTime() ?? result.Get("updated").AsTime(),
        ResolvedAt = result.Get("resolved_at").AsTime(),
        AskedAt = askedAt,
    };

    // Never splits a surrogate pair.
    private static string? Cut(string? text)
    {
        if (text is not { Length: > DefectDetails.MaxResult }) return text;
        return text[..(char.IsHighSurrogate(text[DefectDetails.MaxResult - 1]) ? DefectDetails.MaxResult - 1 : DefectDetails.MaxResult)];
    }
}
