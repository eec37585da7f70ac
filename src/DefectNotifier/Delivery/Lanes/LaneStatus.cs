using System.Text.Json;
using System.Text.Json.Serialization;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Delivery.Lanes;

/// <summary>The state of a lane as an operator sees it.</summary>
/// <param name="Destination">The destination's name.</param>
/// <param name="State">What it does.</param>
/// <param name="Reason">Why it waits or is parked, from the closed list of reasons; null: it does neither, or no node has taken it.</param>
/// <param name="Until">When it continues by itself; null: it does not wait, or the time is not known.</param>
/// <param name="Waiting">The number of pending deliveries; null: not known.</param>
/// <param name="OldestReceivedAt">When the oldest of them was accepted; null: there is none, or it is not known.</param>
public sealed record LaneStatus(
    string Destination, LaneActivity State, SendReason? Reason, DateTimeOffset? Until, long? Waiting, DateTimeOffset? OldestReceivedAt)
{
    /// <summary>The number of deliveries that quiet hours or a silence defer; null: not known.</summary>
    public long? Deferred { get; init; }

    /// <summary>When the first of them is due; null: there is none, or it is not known.</summary>
    public DateTimeOffset? DeferredUntil { get; init; }

    /// <summary>The other node that runs it; null: this one, or none.</summary>
    public string? Node { get; init; }

    /// <summary>The status of a lane that another node runs, as far as it is stored.</summary>
    /// <param name="stored">Its stored state; null: it never saved one.</param>
    /// <param name="now">Now.</param>
    public LaneStatus As(LaneState? stored, DateTimeOffset now) => stored switch
    {
        { IsParked: true } => this with { State = LaneActivity.Parked, Reason = stored.ParkedReason, Until = stored.NotBefore },
        { NotBefore: { } until } when until > now => this with { State = LaneActivity.Waiting, Reason = stored.WaitReason, Until = until },
        _ => this with { State = LaneActivity.Running, Reason = null, Until = null },
    };
}

/// <summary>What a lane does. In JSON these are lower-case words.</summary>
[JsonConverter(typeof(LaneActivityConverter))]
public enum LaneActivity
{
    /// <summary>It sends, or has nothing to send.</summary>
    Running,

    /// <summary>It waits until <see cref="LaneStatus.Until"/>, for the store, or for a node.</summary>
    Waiting,

    /// <summary>It is paused until the settings of its destination are fixed.</summary>
    Parked,

    /// <summary>It does not run.</summary>
    Stopped,
}

/// <summary>The words for <see cref="LaneActivity"/>.</summary>
public sealed class LaneActivityConverter()
    : JsonStringEnumConverter<LaneActivity>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false);

/// <summary>What keeps a lane from sending now.</summary>
/// <param name="Until">When it continues by itself, by the wall clock at the start of the wait.</param>
/// <param name="Reason">Why; null when it is not known.</param>
internal sealed record LaneWait(DateTimeOffset Until, SendReason? Reason);
