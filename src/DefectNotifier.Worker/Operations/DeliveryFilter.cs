using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace DefectNotifier.Worker.Operations;

/// <summary>
/// The conditions of a list in the query string. All are texts, so that <see cref="FilterReader"/> can report errors as problems.
/// </summary>
internal sealed record DeliveryFilter
{
    [FromQuery(Name = "state")]
    [Description("dead, held, discarded, pending, delivered, digested or deferred; separate several with commas or repeat the parameter; "
        + "all for every state. Default: dead,held.")]
    public string[]? State { get; init; }

    [FromQuery(Name = "id")]
    [Description("Only the delivery with this id.")]
    public string? Id { get; init; }

    [FromQuery(Name = "event")]
    [Description("Only deliveries of this event.")]
    public string? Event { get; init; }

    [FromQuery(Name = "destination")]
    [Description("Only deliveries to this destination; case does not matter.")]
    public string? Destination { get; init; }

    [FromQuery(Name = "reason")]
    [Description("Only deliveries with this reason, for example expired.")]
    public string? Reason { get; init; }

    [FromQuery(Name = "project")]
    [Description("Only deliveries of events of this project.")]
    public string? Project { get; init; }

    [FromQuery(Name = "since")]
    [Description("Only deliveries of events received since: a time such as 2026-03-14T15:00:00Z, or an age such as 2d or 12h.")]
    public string? Since { get; init; }

    [FromQuery(Name = "before")]
    [Description("Continues a list: the value of next in the previous page.")]
    public string? Before { get; init; }

    [FromQuery(Name = "limit")]
    [Description("The maximum number of deliveries: 1 to 500, default 50.")]
    public string? Limit { get; init; }
}
