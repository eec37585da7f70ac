namespace DefectNotifier.Delivery;

/// <summary>
/// The closed list of reasons. A reason's kebab-case name (see <see cref="SendReasons"/>) is the log field, the metric label and what the operator
/// reads.
/// </summary>
public enum SendReason
{
    /// <summary>The destination confirmed.</summary>
    Ok,

    /// <summary>An earlier attempt had been posted after all: the message was found in the channel.</summary>
    Found,

    /// <summary>The defect's message says it already: nothing was sent.</summary>
    Unchanged,

    /// <summary>The defect's message is not there any more: another one takes its place.</summary>
    MessageGone,

    /// <summary>The defect's message can't be changed any more: what happens is told in its thread.</summary>
    CannotChange,

    /// <summary>The defect's message takes no replies: what happens is told in the channel.</summary>
    CannotThread,

    /// <summary>A reply can't be shown in the channel too: it stands in the thread alone.</summary>
    CannotBroadcast,

    /// <summary>The destination asked for fewer messages (429, <c>ratelimited</c>).</summary>
    RateLimited,

    /// <summary>The circuit of this destination is open after failures in a row.</summary>
    CircuitOpen,

    /// <summary>The workspace is over its plan's quota, or is being moved.</summary>
    WorkspaceBusy,

    /// <summary>No connection: name, route, refused. Nothing was sent.</summary>
    ConnectFailed,

    /// <summary>The destination said that it is overloaded or not there just now; nothing was posted.</summary>
    ServiceUnavailable,

    /// <summary>The answer said "failed", in a word that we don't know.</summary>
    UnknownError,

    /// <summary>No answer within the attempt's timeout after the request left.</summary>
    Timeout,

    /// <summary>The connection broke after the request left.</summary>
    ConnectionLost,

    /// <summary>5xx or the like: the destination failed and may have posted all the same.</summary>
    ServerError,

    /// <summary>A success status with a body that is not the destination's.</summary>
    UnexpectedResponse,

    /// <summary>The process ended between sending and hearing the answer.</summary>
    Interrupted,

    /// <summary>Whether an earlier attempt was posted could not be looked up just now.</summary>
    LookupFailed,

    /// <summary>An earlier attempt may have been posted, nobody can say, and the settings want a person to decide.</summary>
    Unconfirmed,

    /// <summary>The message is not valid for the destination.</summary>
    InvalidMessage,

    /// <summary>The message is too long or too large.</summary>
    MessageTooLarge,

    /// <summary>Given up after the longest time that a delivery may wait.</summary>
    Expired,

    /// <summary>Token missing, revoked, expired or of the wrong kind.</summary>
    BadCredentials,

    /// <summary>The token lacks a scope or a right.</summary>
    MissingPermission,

    /// <summary>The channel is not there, or the bot is not in it.</summary>
    ChannelNotFound,

    /// <summary>The channel is archived.</summary>
    ChannelArchived,

    /// <summary>The channel does not let us post.</summary>
    ChannelRestricted,

    /// <summary>The webhook or flow was deleted.</summary>
    HookGone,

    /// <summary>The flow is switched off or suspended.</summary>
    FlowDisabled,

    /// <summary>The address is wrong: redirect, wrong method, cut query.</summary>
    BadAddress,

    /// <summary>The certificate of the destination is not trusted.</summary>
    TlsFailed,
}
