using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using DefectNotifier.Events;

namespace DefectNotifier.Enrichment;

/// <summary>
/// Classifies responses of Qase's API by their status (https://developers.qase.io, and what was observed). Qase responds in JSON; the page
/// of a proxy says nothing about the object or the token.
/// </summary>
public static class QaseResponses
{
    /// <summary><see cref="QaseHttpResponse.Error"/> when there was no response in time.</summary>
    public const string TimeoutError = "timeout";

    private static readonly FrozenDictionary<int, QaseOutcome> ByStatus = new Dictionary<int, QaseOutcome>
    {
        [400] = QaseOutcome.Rejected, // an id below 1, an unknown query
        [401] = QaseOutcome.Refused, // unknown token
        [403] = QaseOutcome.Refused, // not allowed for this token or plan
        [404] = QaseOutcome.NotFound, // also for deleted objects
        [405] = QaseOutcome.Rejected,
        [410] = QaseOutcome.NotFound,
        [413] = QaseOutcome.Rejected,
        [414] = QaseOutcome.Rejected,
        [422] = QaseOutcome.Rejected, // {message, errors}
        [429] = QaseOutcome.RateLimited,
    }.ToFrozenDictionary();

    public static QaseResponse Classify(QaseHttpResponse http)
    {
        var response = OutcomeOf(http) is { } outcome ? new QaseResponse(outcome) : Read(http.Body);
        var detail = http.Status == 0 ? http.Error : http.Status.ToString(CultureInfo.InvariantCulture);
        return response with { RetryAfter = http.RetryAfter, Detail = detail };
    }

    // Null for a success: then the body decides.
    private static QaseOutcome? OutcomeOf(QaseHttpResponse http) => http.Status switch
    {
        0 => http.Error == TimeoutError ? QaseOutcome.Timeout : QaseOutcome.Unreachable,
        >= 200 and < 300 => null,
        >= 500 and < 600 => QaseOutcome.Failed,
        var status when status != 429 && JsonText.Check(JsonText.Clean(http.Body).Span) is not null => QaseOutcome.Unexpected,
        var status => ByStatus.TryGetValue(status, out var known) ? known : QaseOutcome.Unexpected,
    };

    // "status": false is an error in spite of the HTTP status. Older responses have no "status".
    private static QaseResponse Read(ReadOnlyMemory<byte> body)
    {
        var clean = JsonText.Clean(body);
        if (JsonText.Check(clean.Span) is not null) return new QaseResponse(QaseOutcome.Unexpected);
        var root = JsonElement.Parse(clean.Span);
        return root.Get("status")?.ValueKind != JsonValueKind.False && root.Get("result") is { ValueKind: JsonValueKind.Object } result
            ? new QaseResponse(QaseOutcome.Ok) { Result = result }
            : new QaseResponse(QaseOutcome.Unexpected);
    }
}
