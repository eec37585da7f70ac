using System.Text.Json.Serialization;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Worker.Operations;

/// <summary>Which deliveries to change, and how. At least one condition is required; a delivery must match all of them.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record BulkRequest
{
    /// <summary>The maximum number of <see cref="Ids"/>.</summary>
    public const int MaxIds = 1000;

    /// <summary>States: dead, held, discarded to retry; dead, held, pending, deferred to discard. Default: dead and held.</summary>
    public IReadOnlyList<string>? State { get; init; }

    /// <summary>
    /// Only these deliveries, at most 1,000; in any state unless states are given. The result says why one can't be changed.
    /// </summary>
    public IReadOnlyList<long>? Ids { get; init; }

    /// <summary>Only deliveries of this event.</summary>
    public string? Event { get; init; }

    /// <summary>Only deliveries to this destination.</summary>
    public string? Destination { get; init; }

    /// <summary>Only deliveries with this reason, for example expired.</summary>
    public string? Reason { get; init; }

    /// <summary>Only deliveries of events of this project.</summary>
    public string? Project { get; init; }

    /// <summary>Only deliveries of events received since: a time such as 2026-03-14T15:00:00Z, or an age such as 2d or 12h.</summary>
    public string? Since { get; init; }

    /// <summary>
    /// For a retry: true sends the stored message as it is, and skips deliveries without one. Default false: render again.
    /// </summary>
    public bool Rendered { get; init; }

    /// <summary>True changes nothing and reports what would be changed. Default false.</summary>
    public bool DryRun { get; init; }

    // An empty list of states is no condition.
    [JsonIgnore]
    public bool HasCondition =>
        State is { Count: > 0 } || Ids is not null || (Event ?? Destination ?? Reason ?? Project ?? Since) is not null;
}

/// <summary>The result of a <see cref="BulkRequest"/>.</summary>
/// <param name="DryRun">True when nothing was changed.</param>
/// <param name="Changed">The ids of the deliveries that were changed or, after a dry run, would be; oldest first.</param>
/// <param name="Refused">The number of matching deliveries that can't be changed this way.</param>
/// <param name="Remaining">The number of matching deliveries left for another call; each call changes at most 1,000.</param>
internal sealed record BulkResult(bool DryRun, IReadOnlyList<long> Changed, int Refused, int Remaining)
{
    /// <summary>
    /// Each changed delivery and, at most 1,000, those that can't be changed; null in the output of a command, which may combine several
    /// calls.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<BulkRow>? Results { get; init; }
}

/// <summary>The result for one delivery.</summary>
/// <param name="Id">The delivery.</param>
/// <param name="Before">The state before; null: there is no such delivery.</param>
/// <param name="After">The state now or, after a dry run, the state that it would have; null: it was not changed.</param>
/// <param name="Problem">Why it was not changed; null: it was.</param>
internal sealed record BulkRow(long Id, DeliveryState? Before, DeliveryState? After, string? Problem);
