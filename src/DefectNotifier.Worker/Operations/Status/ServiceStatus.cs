using System.Text.Json.Serialization;
using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Enrichment;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Telemetry;

namespace DefectNotifier.Worker.Operations.Status;

/// <summary>What an operator has to know first: whether the service works, and what needs a person.</summary>
/// <param name="State">
/// As in <see cref="ReadyReport.Status"/>; or, when a command read the outbox file, <c>stopped</c>: no service runs, or
/// <c>unreachable</c>: a process uses the file, but the service can't be asked.
/// </param>
/// <param name="Headline">The result in one sentence.</param>
/// <param name="Version">The version of the program.</param>
/// <param name="At">When this was read.</param>
/// <param name="StartedAt">When the service started; null when it does not run.</param>
/// <param name="Store"><c>writable</c>, or why it is not.</param>
/// <param name="Outbox">The path of the outbox file, or where the database is, without a secret.</param>
/// <param name="Needs">What needs a person, the most urgent first.</param>
/// <param name="Notes">What is good to know and needs no action.</param>
/// <param name="Destinations">Every destination, those with a problem first, then in the order of the configuration.</param>
/// <param name="Dead">The number of dead letters; null: the outbox can't be read.</param>
/// <param name="Held">The number of deliveries held for manual review; null: the outbox can't be read.</param>
/// <param name="Unrouted">The events of the last 24 hours that no route took, by project.</param>
/// <param name="Configuration">The active configuration; null when the service does not run.</param>
/// <param name="Qase">The state of each Qase API account; empty when the API is not used.</param>
/// <param name="Problems">The parts whose last work failed.</param>
/// <param name="Silences">The silences that have not ended.</param>
internal sealed record ServiceStatus(
    string State,
    string Headline,
    string Version,
    DateTimeOffset At,
    DateTimeOffset? StartedAt,
    string Store,
    string Outbox,
    IReadOnlyList<StatusItem> Needs,
    IReadOnlyList<StatusItem> Notes,
    IReadOnlyList<DestinationStatus> Destinations,
    long? Dead,
    long? Held,
    IReadOnlyList<UnroutedCount> Unrouted,
    ConfigurationReport? Configuration,
    IReadOnlyList<QaseStatus> Qase,
    IReadOnlyList<HealthProblem> Problems,
    IReadOnlyList<Silence> Silences)
{
    /// <summary>The nodes that share the outbox; empty when only one process can use it.</summary>
    public IReadOnlyList<NodeStatus> Nodes { get; init; } = [];

    /// <summary>True: no node uses the database now. Only a command that reads the database itself can find this out.</summary>
    [JsonIgnore]
    public bool HasNoNode { get; init; }
}

/// <summary>One thing that needs a person, or that is good to know.</summary>
/// <param name="Kind">A word from <see cref="StatusKinds"/>.</param>
/// <param name="Title">What it is, as a sentence without the final period.</param>
/// <param name="Advice">What to do, in one sentence; null where there is nothing to do.</param>
internal sealed record StatusItem(string Kind, string Title, string? Advice)
{
    /// <summary>The response of the chat, or the error of the part; null: none.</summary>
    public string? Detail { get; init; }

    public string? Destination { get; init; }

    public string? ProjectCode { get; init; }

    /// <summary>The reason, from the closed list; null where there is none.</summary>
    public SendReason? Reason { get; init; }

    /// <summary>How many deliveries or events are concerned; null: not known, or it is not about any.</summary>
    public long? Count { get; init; }

    /// <summary>Since when; of several dead or held deliveries or unrouted events, the time of the latest one. Null: not known.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>When it is tried again, or ends by itself; null: never, or not known.</summary>
    public DateTimeOffset? NextAttempt { get; init; }

    /// <summary>The event, when it is about exactly one.</summary>
    public string? EventId { get; init; }

    /// <summary>The delivery, when it is about exactly one.</summary>
    public long? DeliveryId { get; init; }
}

/// <summary>The words for <see cref="StatusItem.Kind"/>. The first ones need a person, in this order of urgency.</summary>
internal static class StatusKinds
{
    public const string Service = "service";
    public const string Store = "store";
    public const string Problem = "problem";
    public const string LaneStopped = "lane-stopped";
    public const string Parked = "parked";
    public const string Failing = "failing";
    public const string Held = "held";
    public const string Dead = "dead";
    public const string NoDestination = "no-destination";
    public const string Configuration = "configuration";
    public const string Template = "template";
    public const string Qase = "qase";

    public const string Storm = "storm";
    public const string Unrouted = "unrouted";
    public const string Deferred = "deferred";
    public const string Restart = "restart";
}

/// <summary>One destination with everything that an operator asks about it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type in the settings; <c>unknown</c> when they can't be read.</param>
/// <param name="Platform"><c>slack</c>, <c>teams</c> or <c>unknown</c>.</param>
/// <param name="Place">The Slack channel; null where the place is a secret address.</param>
/// <param name="State">What its lane does.</param>
/// <param name="Reason">Why it waits or is parked; null otherwise.</param>
/// <param name="Meaning">What the reason means, in a few words; null without a reason.</param>
/// <param name="Advice">What to do about the reason; null: nothing.</param>
/// <param name="Until">When it continues by itself; null when it does not wait.</param>
/// <param name="Waiting">The number of pending deliveries; null: not known.</param>
/// <param name="OldestReceivedAt">When the oldest of them was accepted; null: there is none, or it is not known.</param>
/// <param name="Deferred">The number of deferred deliveries; null: not known.</param>
/// <param name="DeferredUntil">When the first of them is due; null: there is none, or it is not known.</param>
/// <param name="Dead">The number of dead letters; null: not known.</param>
/// <param name="Held">The number of deliveries held for manual review; null: not known.</param>
/// <param name="PerSecond">Messages per second in the long run; null: no limit.</param>
/// <param name="CaughtUpAt">When everything that waits is sent at the present rate; null: nothing waits, or it is not known.</param>
/// <param name="SentLastHour">Messages delivered in each of the last 60 minutes, the oldest first; null: the service does not run.</param>
/// <param name="FailedLastHour">Deliveries that became dead or held in each of these minutes; null: the service does not run.</param>
/// <param name="WaitingLastHour">The most that waited in each of these minutes; null: the service does not run.</param>
/// <param name="Last">The message that was delivered last since the start; null: none.</param>
internal sealed record DestinationStatus(
    string Name,
    string Type,
    string Platform,
    string? Place,
    LaneActivity State,
    SendReason? Reason,
    string? Meaning,
    string? Advice,
    DateTimeOffset? Until,
    long? Waiting,
    DateTimeOffset? OldestReceivedAt,
    long? Deferred,
    DateTimeOffset? DeferredUntil,
    long? Dead,
    long? Held,
    double? PerSecond,
    DateTimeOffset? CaughtUpAt,
    IReadOnlyList<long>? SentLastHour,
    IReadOnlyList<long>? FailedLastHour,
    IReadOnlyList<long?>? WaitingLastHour,
    SentMessage? Last)
{
    /// <summary>The other node that works on it; null: this one, or none.</summary>
    public string? Node { get; init; }
}
