using System.Text.Json.Serialization;
using DefectNotifier.Delivery;

namespace DefectNotifier.Worker.Operations;

/// <summary>Which deliveries are meant, and how. At least one condition must be there; all that are must hold.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record BulkRequest
{
    /// <summary>States: dead, held, discarded to send again; dead, held, pending to discard. Default: dead and held.</summary>
    public IReadOnlyList<string>? State { get; init; }

    /// <summary>Only deliveries of this event.</summary>
    public string? Event { get; init; }

    /// <summary>Only deliveries to this destination.</summary>
    public string? Destination { get; init; }

    /// <summary>Only deliveries with this reason, for example expired.</summary>
    public string? Reason { get; init; }

    /// <summary>Only deliveries of events of this project.</summary>
    public string? Project { get; init; }

    /// <summary>Only deliveries of events received since then: a time such as 2026-03-14T15:00:00Z, or how long ago, such as 2d or 12h.</summary>
    public string? Since { get; init; }

    /// <summary>To send again only: true sends the kept message as it is; those without one are refused. Default false: rendered anew.</summary>
    public bool Rendered { get; init; }

    /// <summary>True changes nothing and tells what would be changed. Default false.</summary>
    public bool DryRun { get; init; }

    // An empty list of states narrows nothing down.
    [JsonIgnore]
    public bool HasCondition => State is { Count: > 0 } || Event is not null || Destination is not null || Reason is not null || Project is not null || Since is not null;
}
