using DefectNotifier.Events;
using DefectNotifier.Routing;

namespace DefectNotifier.Outbox.Contract;

/// <summary>
/// A request to Qase's API: for the details of a defect whose events contain no title, or for the name of a workspace member.
/// </summary>
/// <param name="Source">The endpoint whose workspace contains the defect or member.</param>
public sealed record EnrichmentRequest(string Source)
{
    /// <summary>The defect; null: a name is requested.</summary>
    public DefectKey? Defect { get; init; }

    /// <summary>The member whose name is requested; 0 when a defect is requested.</summary>
    public long TeamMemberId { get; init; }

    /// <summary>The number of failed tries.</summary>
    public int Tries { get; init; }

    public static EnrichmentRequest Of(DefectKey defect) => new(defect.Source) { Defect = defect };

    public static EnrichmentRequest Name(string source, long teamMemberId) => new(source) { TeamMemberId = teamMemberId };
}

/// <summary>The result of an <see cref="Contract.EnrichmentRequest"/>.</summary>
/// <param name="EnrichmentRequest">The request.</param>
/// <param name="At">When.</param>
public sealed record EnrichmentResult(EnrichmentRequest EnrichmentRequest, DateTimeOffset At)
{
    /// <summary>The details that Qase returned; null: none, or a name was requested.</summary>
    public DefectDetails? Details { get; init; }

    /// <summary>
    /// When the request was sent: the response may lack a change whose event arrived later. Null: no such event is possible.
    /// </summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>
    /// The active routes. They say where a defect is announced whose severity has changed, and which destinations have messages that can
    /// be updated. Null: it is announced nowhere, and all its messages are updated.
    /// </summary>
    public RouteTable? Routes { get; init; }

    /// <summary>The name; null: Qase does not know it, or a defect was requested.</summary>
    public string? Name { get; init; }

    /// <summary>When the request is repeated, because this try failed; null: the request has ended, with or without a result.</summary>
    public DateTimeOffset? NextAt { get; init; }
}

/// <summary>A workspace with pending requests.</summary>
/// <param name="Source">Its endpoint.</param>
/// <param name="DueAt">When the first of them is due.</param>
public sealed record EnrichmentQueue(string Source, DateTimeOffset DueAt);

/// <summary>What a response of Qase has changed.</summary>
/// <param name="Defect">The defect that was requested; null: a name was requested.</param>
/// <param name="IsVisible">True when messages rendered from now on can look different.</param>
public sealed record EnrichmentChange(DefectKey? Defect, bool IsVisible);
