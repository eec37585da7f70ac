using System.Collections.Frozen;
using System.Text.Json;

namespace DefectNotifier.Delivery;

/// <summary>The words for <see cref="SendReason"/> and <see cref="SendOutcome"/>.</summary>
public static class SendReasons
{
    private static readonly FrozenDictionary<SendReason, string> ReasonWords =
        Enum.GetValues<SendReason>().ToFrozenDictionary(reason => reason, reason => JsonNamingPolicy.KebabCaseLower.ConvertName(reason.ToString()));

    private static readonly FrozenDictionary<SendOutcome, string> OutcomeWords =
        Enum.GetValues<SendOutcome>().ToFrozenDictionary(outcome => outcome, outcome => JsonNamingPolicy.KebabCaseLower.ConvertName(outcome.ToString()));

    private static readonly FrozenDictionary<string, string> Advice = new (SendReason Reason, string Text)[]
    {
        (SendReason.BadCredentials, "Put a valid token or address into the settings and restart."),
        (SendReason.MissingPermission, "Give the app or flow the right that is missing, or put other credentials into the settings and restart."),
        (SendReason.ChannelNotFound, "Invite the bot to the channel, or correct the channel in the settings and restart."),
        (SendReason.ChannelArchived, "Unarchive the channel, or name another one in the settings and restart."),
        (SendReason.ChannelRestricted, "Let the app post to the channel, or name another one in the settings and restart."),
        (SendReason.HookGone, "Make a new webhook or flow, put its address into the settings and restart."),
        (SendReason.FlowDisabled, "Switch the flow on again, or make a new one, put its address into the settings and restart."),
        (SendReason.BadAddress, "Correct the address in the settings and restart."),
        (SendReason.TlsFailed, "See to the certificate of the address, or correct the address in the settings and restart."),
        (SendReason.WorkspaceBusy, "Look whether the workspace is over its message quota."),
        (SendReason.ConnectFailed, "Look whether the network, the proxy and the name resolution let this machine reach the chat."),
        (SendReason.InvalidMessage, "Mend the template or the data that it stumbles over, then retry."),
        (SendReason.MessageTooLarge, "Shorten the template, then retry."),
        (SendReason.Expired, "Find out from the attempts why it failed for so long, then retry."),
        (SendReason.Unconfirmed, "Look into the channel: discard it when the message is there, else retry."),
        (SendReason.UnknownError, "Look the response up in the chat's documentation, then retry."),
    }.ToFrozenDictionary(entry => ReasonWords[entry.Reason], entry => entry.Text, StringComparer.Ordinal);

    public static string Word(this SendReason reason) => ReasonWords[reason];

    public static string Word(this SendOutcome outcome) => OutcomeWords[outcome];

    /// <summary>What a person can do about a reason, in one sentence; null where there is nothing to do.</summary>
    public static string? AdviceOn(string? reason) => reason is not null && Advice.TryGetValue(reason, out var advice) ? advice : null;
}
