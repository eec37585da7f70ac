using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using DefectNotifier.Events;

namespace DefectNotifier.Enrichment;

/// <summary>The table of what Qase's API answers (https://developers.qase.io, and what was seen of it). By the status; only of a success the body must be Qase's, too.</summary>
public static class QaseResponses
{
    /// <summary>The word for a answer that did not come in time.</summary>
    public const string TimeIsUp = "timeout";

    private static readonly FrozenDictionary<int, QaseOutcome> ByStatus = new Dictionary<int, QaseOutcome>
    {
        [400] = QaseOutcome.Rejected, // an id below 1, a query that it does not read
        [401] = QaseOutcome.Refused, // no such token
        [403] = QaseOutcome.Refused, // not for this token, or not in this plan
        [404] = QaseOutcome.NotFound, // also of what was deleted
        [405] = QaseOutcome.Rejected,
        [410] = QaseOutcome.NotFound,
        [413] = QaseOutcome.Rejected,
        [414] = QaseOutcome.Rejected,
        [422] = QaseOutcome.Rejected, // {message, errors}
        [429] = QaseOutcome.RateLimited,
    }.ToFrozenDictionary();

    public static QaseResponse Classify(QaseReply reply)
    {
        var response = OutcomeOf(reply) is { } outcome ? new QaseResponse(outcome) : Read(reply.Body);
        return response with { RetryAfter = reply.RetryAfter, Detail = reply.Status == 0 ? reply.Error : reply.Status.ToString(CultureInfo.InvariantCulture) };
    }

    // Null for a success, of which the body says more.
    private static QaseOutcome? OutcomeOf(QaseReply reply) => reply.Status switch
    {
        0 => reply.Error == TimeIsUp ? QaseOutcome.Timeout : QaseOutcome.Unreachable,
        >= 200 and < 300 => null,
        >= 500 and < 600 => QaseOutcome.Failed,
        var status => ByStatus.TryGetValue(status, out var known) ? known : QaseOutcome.Unexpected,
    };

    // Older answers have no "status", so only a false one is a refusal in disguise.
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
