using System.Collections.Frozen;
using System.Text.Json;

namespace DefectNotifier.Outbox.Contract;

/// <summary>
/// The closed list of reasons. A reason's kebab-case name (see <see cref="SendReasons"/>) is stored, logged, used as the metric label and
/// shown to operators.
/// </summary>
public enum SendReason
{
    /// <summary>The destination confirmed the message.</summary>
    Ok,

    /// <summary>An earlier attempt was posted after all: the message was found in the channel.</summary>
    Found,

    /// <summary>The defect's message already shows the event: nothing was sent.</summary>
    Unchanged,

    /// <summary>The message is in the thread of another defect with the same title.</summary>
    SameTitle,

    /// <summary>The defect's message was deleted: another one is posted in its place.</summary>
    MessageGone,

    /// <summary>The defect's message can't be updated any more: events are posted in its thread.</summary>
    CannotChange,

    /// <summary>The defect's message accepts no replies: events are posted in the channel.</summary>
    CannotThread,

    /// <summary>A reply can't also be shown in the channel: it is only in the thread.</summary>
    CannotBroadcast,

    /// <summary>The destination asked for fewer messages (429, <c>ratelimited</c>).</summary>
    RateLimited,

    /// <summary>The circuit breaker of this destination is open after consecutive failures.</summary>
    CircuitOpen,

    /// <summary>The workspace is over its plan's quota, or is being migrated.</summary>
    WorkspaceBusy,

    /// <summary>No connection: name resolution, network, connection refused. Nothing was sent.</summary>
    ConnectFailed,

    /// <summary>The destination responded that it is overloaded or unavailable; nothing was posted.</summary>
    ServiceUnavailable,

    /// <summary>The response is an error with an unknown code.</summary>
    UnknownError,

    /// <summary>No response within the attempt's timeout after the request was sent.</summary>
    Timeout,

    /// <summary>The connection broke after the request was sent.</summary>
    ConnectionLost,

    /// <summary>5xx or similar: the destination failed and may have posted the message.</summary>
    ServerError,

    /// <summary>The response is not recognisably the chat's: a proxy, a firewall or another server may have sent it.</summary>
    UnexpectedResponse,

    /// <summary>The process ended between the request and the response.</summary>
    Interrupted,

    /// <summary>The lookup of an earlier attempt failed.</summary>
    LookupFailed,

    /// <summary>An earlier attempt may have been posted, a lookup is not possible, and the settings ask for a manual review.</summary>
    Unconfirmed,

    /// <summary>The message is not valid for the destination.</summary>
    InvalidMessage,

    /// <summary>The message is too long or too large.</summary>
    MessageTooLarge,

    /// <summary>The delivery failed for longer than the maximum age.</summary>
    Expired,

    /// <summary>The token is missing, revoked, expired or of the wrong kind.</summary>
    BadCredentials,

    /// <summary>The token lacks a scope or permission.</summary>
    MissingPermission,

    /// <summary>The channel does not exist, or the bot is not a member.</summary>
    ChannelNotFound,

    /// <summary>The channel is archived.</summary>
    ChannelArchived,

    /// <summary>The channel does not allow the app to post.</summary>
    ChannelRestricted,

    /// <summary>The webhook or flow was deleted.</summary>
    HookGone,

    /// <summary>The flow is turned off or suspended.</summary>
    FlowDisabled,

    /// <summary>The address is wrong: a redirect, a wrong method, a truncated query.</summary>
    BadAddress,

    /// <summary>The certificate of the destination is not trusted.</summary>
    TlsFailed,

    /// <summary>More messages waited for the destination than its rate limit allows, so they became a digest.</summary>
    Storm,

    /// <summary>The quiet hours of its route.</summary>
    QuietHours,

    /// <summary>A silence that an operator added.</summary>
    Silenced,

    /// <summary>A lane waits for its own rate limit.</summary>
    RateLimit,

    /// <summary>A lane waits before it looks up a message whose response was lost.</summary>
    Confirming,

    /// <summary>A lane waits because the outbox can't be used.</summary>
    StoreUnavailable,

    /// <summary>A lane waits after an unexpected error.</summary>
    InternalError,
}

/// <summary>The words for <see cref="SendReason"/>, and what an operator can do about each reason.</summary>
public static class SendReasons
{
    private static readonly FrozenDictionary<SendReason, string> Words =
        Enum.GetValues<SendReason>().ToFrozenDictionary(
            reason => reason, reason => JsonNamingPolicy.KebabCaseLower.ConvertName(reason.ToString()));

    private static readonly FrozenDictionary<string, SendReason> ByWord =
        Words.ToFrozenDictionary(entry => entry.Value, entry => entry.Key, StringComparer.Ordinal);

    /// <summary>The words for where a setting is to be changed when its path is not known.</summary>
    public const string Settings = "the settings";

    // {0} is where the setting is.
    private static readonly FrozenDictionary<SendReason, string> Advice = new (SendReason Reason, string Text)[]
    {
        (SendReason.BadCredentials, "Put a valid token or address into {0}."),
        (SendReason.MissingPermission, "Grant the app or flow the missing permission, or put other credentials into {0}."),
        (SendReason.ChannelNotFound, "Invite the bot to the channel, or correct the channel in {0}."),
        (SendReason.ChannelArchived, "Unarchive the channel, or set another one in {0}."),
        (SendReason.ChannelRestricted, "Allow the app to post in the channel, or set another one in {0}."),
        (SendReason.HookGone, "Create a new webhook or flow and put its address into {0}."),
        (SendReason.FlowDisabled, "Turn the flow on again, or create a new one and put its address into {0}."),
        (SendReason.BadAddress, "Correct the address in {0}."),
        (SendReason.TlsFailed, "Fix the certificate of the address, or correct the address in {0}."),
        (SendReason.WorkspaceBusy, "Check whether the workspace is over its message quota."),
        (SendReason.UnexpectedResponse, "Check the address, and the proxy or firewall between this machine and the chat."),
        (SendReason.ConnectFailed, "Check the network, the proxy and the name resolution between this machine and the chat."),
        (SendReason.InvalidMessage, "Fix the template, or the data that it fails on, then retry."),
        (SendReason.MessageTooLarge, "Shorten the template, then retry."),
        (SendReason.UnknownError, "Look up the response in the chat's documentation, then retry."),
    }.ToFrozenDictionary(entry => entry.Reason, entry => entry.Text);

    private static readonly FrozenDictionary<SendReason, string> Meanings = new (SendReason Reason, string Text)[]
    {
        (SendReason.Ok, "the chat confirmed it"),
        (SendReason.Found, "it was found in the channel, although the response was lost"),
        (SendReason.Unchanged, "the defect's message already shows it"),
        (SendReason.SameTitle, "it is in the thread of another defect with the same title"),
        (SendReason.MessageGone, "the defect's message was deleted"),
        (SendReason.CannotChange, "the defect's message can't be updated any more"),
        (SendReason.CannotThread, "the defect's message accepts no replies"),
        (SendReason.CannotBroadcast, "a reply can't be shown in the channel"),
        (SendReason.RateLimited, "the chat asked for fewer messages"),
        (SendReason.CircuitOpen, "several attempts in a row failed"),
        (SendReason.WorkspaceBusy, "the workspace is over its quota or is being migrated"),
        (SendReason.ConnectFailed, "the chat can't be reached"),
        (SendReason.ServiceUnavailable, "the chat is overloaded or unavailable"),
        (SendReason.UnknownError, "the chat responded with an unknown error"),
        (SendReason.Timeout, "the chat did not respond in time"),
        (SendReason.ConnectionLost, "the connection was lost"),
        (SendReason.ServerError, "the chat had an internal error"),
        (SendReason.UnexpectedResponse, "the response is not recognisably the chat's"),
        (SendReason.Interrupted, "the service stopped during the attempt"),
        (SendReason.LookupFailed, "the channel could not be searched"),
        (SendReason.Unconfirmed, "it may have been posted"),
        (SendReason.InvalidMessage, "the chat rejected the message"),
        (SendReason.MessageTooLarge, "the message is too large"),
        (SendReason.Expired, "it failed for too long"),
        (SendReason.BadCredentials, "the token or address is not valid"),
        (SendReason.MissingPermission, "the app lacks a permission"),
        (SendReason.ChannelNotFound, "the channel does not exist, or the bot is not in it"),
        (SendReason.ChannelArchived, "the channel is archived"),
        (SendReason.ChannelRestricted, "the channel does not allow the app to post"),
        (SendReason.HookGone, "the webhook or flow was deleted"),
        (SendReason.FlowDisabled, "the flow is turned off"),
        (SendReason.BadAddress, "the address is wrong"),
        (SendReason.TlsFailed, "the certificate is not trusted"),
        (SendReason.Storm, "too many messages waited"),
        (SendReason.QuietHours, "quiet hours"),
        (SendReason.Silenced, "a silence"),
        (SendReason.RateLimit, "the destination's rate limit"),
        (SendReason.Confirming, "the channel is searched before it is sent again"),
        (SendReason.StoreUnavailable, "the outbox can't be used"),
        (SendReason.InternalError, "an unexpected error"),
    }.ToFrozenDictionary(entry => entry.Reason, entry => entry.Text);

    public static string Word(this SendReason reason) => Words[reason];

    /// <summary>What a reason means, in a few words that can end a sentence: "the flow is turned off".</summary>
    public static string Meaning(this SendReason reason) => Meanings[reason];

    /// <summary>The reason of a word; null for null and for a word of a later version.</summary>
    public static SendReason? Parse(string? word) => word is not null && ByWord.TryGetValue(word, out var reason) ? reason : null;

    /// <summary>What an operator can do about a reason, in one sentence; null where there is nothing to do.</summary>
    /// <param name="reason">The reason.</param>
    /// <param name="setting">The path of the setting to change.</param>
    public static string? AdviceOn(SendReason? reason, string setting = Settings) =>
        reason is { } known && Advice.TryGetValue(known, out var advice) ? advice.Replace("{0}", setting, StringComparison.Ordinal) : null;
}
