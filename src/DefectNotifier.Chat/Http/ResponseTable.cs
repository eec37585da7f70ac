using System.Collections.Frozen;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Chat.Http;

/// <summary>
/// Maps a chat's error codes to outcomes. Each code may be in one row only; a duplicate fails when the table is built.
/// </summary>
internal sealed class ResponseTable
{
    private readonly FrozenDictionary<string, ResponseRow> _byCode;

    public ResponseTable(IEqualityComparer<string> comparer, params ResponseRow[] rows) =>
        _byCode = rows
            .SelectMany(row => row.Codes, (row, code) => KeyValuePair.Create(code, row))
            .ToDictionary(comparer)
            .ToFrozenDictionary(comparer);

    /// <summary>Every code of the table.</summary>
    public IEnumerable<string> Codes => _byCode.Keys;

    /// <summary>Null for null and for an unknown code.</summary>
    public ResponseRow? Find(string? code) => code is not null && _byCode.TryGetValue(code, out var row) ? row : null;
}

/// <summary>One row of a <see cref="ResponseTable"/>: error codes with the same outcome and reason.</summary>
internal sealed record ResponseRow(SendOutcome Outcome, SendReason Reason, params string[] Codes)
{
    /// <summary>What the operator can do about it.</summary>
    public string? Advice { get; init; }

    /// <summary>The minimum wait, also when the response asks for less.</summary>
    public TimeSpan? MinWait { get; init; }

    /// <param name="requestedWait">The wait that the response asks for.</param>
    /// <param name="detail">The detail for the operator.</param>
    public SendResult ToResult(TimeSpan? requestedWait, string? detail) =>
        new(Outcome, Reason) { Detail = detail, RetryAfter = RetryAfter.For(Outcome, requestedWait, MinWait) };
}

/// <summary>
/// Maps HTTP statuses to outcomes, for responses without a known error code. The first row that contains the status wins; the rows that all
/// chats share come last.
/// </summary>
internal sealed class StatusTable(params StatusRow[] rows)
{
    /// <summary>
    /// For a response that is not recognisably the chat's own. A proxy may have sent it, for a few seconds or for one message, so it is
    /// never final: it does not reject the message, and a 4xx does not park the destination; only the maximum age ends its retries.
    /// </summary>
    private static readonly StatusRow[] Shared =
    [
        new(300, 399, SendOutcome.Parked, SendReason.BadAddress),
        // The sender tries a smaller message first.
        new(413, SendOutcome.Retry, SendReason.MessageTooLarge),
        new(429, SendOutcome.Wait, SendReason.RateLimited),
        new(400, 499, SendOutcome.Retry, SendReason.UnexpectedResponse),
        new(500, 599, SendOutcome.Ambiguous, SendReason.ServerError),
        // A success of another server, or not a valid final status (1xx, 600 and more): the message may have been posted.
        new(0, int.MaxValue, SendOutcome.Ambiguous, SendReason.UnexpectedResponse),
    ];

    /// <summary>For an error in the chat's own form whose code is not known: then the status is the chat's own too.</summary>
    /// <param name="maxAttempts">After how many attempts a delivery with such an error fails; null: no limit.</param>
    public static StatusRow[] UnknownCode(int? maxAttempts) =>
    [
        new(200, 299, SendOutcome.Retry, SendReason.UnknownError) { MaxAttempts = maxAttempts },
        new(401, SendOutcome.Parked, SendReason.BadCredentials),
        new(403, SendOutcome.Parked, SendReason.MissingPermission),
        new(404, SendOutcome.Parked, SendReason.HookGone),
        new(410, SendOutcome.Parked, SendReason.HookGone),
        new(413, SendOutcome.Rejected, SendReason.MessageTooLarge),
        new(429, SendOutcome.Wait, SendReason.RateLimited),
        new(400, 499, SendOutcome.Retry, SendReason.UnknownError) { MaxAttempts = maxAttempts },
    ];

    public StatusRow Find(int status) => rows.Concat(Shared).First(row => row.First <= status && status <= row.Last);
}

/// <summary>One row of a <see cref="StatusTable"/>: a range of HTTP statuses.</summary>
internal sealed record StatusRow(int First, int Last, SendOutcome Outcome, SendReason Reason)
{
    public StatusRow(int status, SendOutcome outcome, SendReason reason)
        : this(status, status, outcome, reason)
    {
    }

    /// <summary>For <see cref="SendOutcome.Retry"/>: the number of attempts after which the delivery fails; null: no limit.</summary>
    public int? MaxAttempts { get; init; }

    /// <inheritdoc cref="ResponseRow.ToResult"/>
    public SendResult ToResult(TimeSpan? requestedWait, string? detail) =>
        new(Outcome, Reason) { Detail = detail, RetryAfter = RetryAfter.For(Outcome, requestedWait), MaxAttempts = MaxAttempts };
}
