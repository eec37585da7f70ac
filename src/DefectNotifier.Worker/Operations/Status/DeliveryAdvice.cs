using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Worker.Operations.Status;

/// <summary>
/// What to do about a delivery that failed or a destination that does not send, in one sentence. The status, the timelines and the console
/// show the same.
/// </summary>
internal static class DeliveryAdvice
{
    public const string LookInChannel = "Look in the channel: discard it if the message is there, otherwise retry.";

    public static string OnDead(SendReason? reason) =>
        SendReasons.AdviceOn(reason) ?? "See its attempts for the cause, then retry or discard it.";

    public static string OnHeld(SendReason? reason) => SendReasons.AdviceOn(reason) ?? LookInChannel;

    /// <summary>What to do about a lane, with the path of the setting to change; null: nothing.</summary>
    /// <param name="lane">The lane; null: there is none.</param>
    /// <param name="options">The settings of its destination; null: not known.</param>
    public static string? OnLane(LaneStatus? lane, DestinationOptions? options)
    {
        var key = options is null ? null : KeyOf(lane?.Reason, options);
        var place = key is null ? SendReasons.Settings : $"Destinations:{options!.Name}:{key}";
        return SendReasons.AdviceOn(lane?.Reason, place)
            ?? (lane is { State: LaneActivity.Parked } ? "Fix the destination's settings." : null);
    }

    // A bot has a token and a channel; for the others both are part of the address.
    private static string? KeyOf(SendReason? reason, DestinationOptions options) => reason switch
    {
        SendReason.BadCredentials or SendReason.MissingPermission when options.Token is not null => nameof(options.Token),
        SendReason.ChannelNotFound or SendReason.ChannelArchived or SendReason.ChannelRestricted when options.Channel is not null =>
            nameof(options.Channel),
        _ when options.Url is not null => nameof(options.Url),
        SendReason.BadAddress or SendReason.TlsFailed when options.ApiUrl is not null => nameof(options.ApiUrl),
        _ => null,
    };
}
