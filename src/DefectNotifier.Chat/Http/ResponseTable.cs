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
/// Maps HTTP statuses to outcomes, for responses without a known error code. The first row that contains the status wins.
/// </summary>
internal sealed class StatusTable(params StatusRow[] rows)
{
    // Not a valid final HTTP status (1xx, 600 and more): the message may have been posted.
    private static readonly StatusRow Unknown = new(0, int.MaxValue, SendOutcome.Ambiguous, SendReason.UnexpectedResponse);

    public StatusRow Find(int status) => rows.FirstOrDefault(row => row.First <= status && status <= row.Last) ?? Unknown;
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
