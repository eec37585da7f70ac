using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace DefectNotifier.Worker.Operations;

/// <summary>
/// The conditions of a list of events in the query string. All are texts, so that <see cref="FilterReader"/> can report errors as problems.
/// </summary>
internal sealed record EventFilter
{
    /// <summary>The word for events that no route took, in the place of a state.</summary>
    public const string Unrouted = "unrouted";

    public static readonly string[] Keys =
    [
        "event", "project", "name", "severity", "source", "defect", "text", "destination", "state", "reason", "since", "until", "before",
        "limit",
    ];

    [FromQuery(Name = "event")]
    [Description("The event's id, or its beginning.")]
    public string? Event { get; init; }

    [FromQuery(Name = "project")]
    [Description("Only events of this project; * and ? are allowed, case does not matter.")]
    public string? Project { get; init; }

    [FromQuery(Name = "name")]
    [Description("Only events of this name, for example defect.created; * and ? are allowed.")]
    public string? Name { get; init; }

    [FromQuery(Name = "severity")]
    [Description("Only events of this severity: their own or, for those without one, that of their defect.")]
    public string? Severity { get; init; }

    [FromQuery(Name = "source")]
    [Description("Only events that this endpoint received; empty for the default one.")]
    public string? Source { get; init; }

    [FromQuery(Name = "defect")]
    [Description("Only events of the defects with this number.")]
    public string? Defect { get; init; }

    [FromQuery(Name = "text")]
    [Description("Words of the title; all must occur, case does not matter.")]
    public string? Text { get; init; }

    [FromQuery(Name = "destination")]
    [Description("Only events with a delivery to this destination. State and reason are then those of this delivery.")]
    public string? Destination { get; init; }

    [FromQuery(Name = "state")]
    [Description("Only events with a delivery that is pending, delivered, dead, held, discarded, digested or deferred; unrouted for events "
        + "that no route took.")]
    public string? State { get; init; }

    [FromQuery(Name = "reason")]
    [Description("Only events with a delivery that has this reason, for example expired.")]
    public string? Reason { get; init; }

    [FromQuery(Name = "since")]
    [Description("Only events received since: a time such as 2026-03-14T15:00:00Z, or an age such as 2d or 12h.")]
    public string? Since { get; init; }

    [FromQuery(Name = "until")]
    [Description("Only events received until: a time or an age, as for since.")]
    public string? Until { get; init; }

    [FromQuery(Name = "before")]
    [Description("Continues a list: the value of next in the previous page.")]
    public string? Before { get; init; }

    [FromQuery(Name = "limit")]
    [Description("The maximum number of events: 1 to 200, default 50.")]
    public string? Limit { get; init; }
}
