using System.Text.Json.Serialization;

namespace DefectNotifier.Routing;

/// <summary>
/// How a destination shows a defect, if its chat can edit messages and has threads. Elsewhere each event is a message. The numbers are
/// stored: never renumber.
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<MessageMode>))]
public enum MessageMode
{
    /// <summary>One message per defect, updated in place; its events are also posted in its thread. The default.</summary>
    [JsonStringEnumMemberName("thread-and-update")]
    ThreadAndUpdate = 0,

    /// <summary>Each event is a new message.</summary>
    [JsonStringEnumMemberName("post")]
    Post = 1,

    /// <summary>One message per defect, never changed; its events are posted in its thread.</summary>
    [JsonStringEnumMemberName("thread")]
    Thread = 2,

    /// <summary>One message per defect, updated in place; nothing else is posted.</summary>
    [JsonStringEnumMemberName("update")]
    Update = 3,
}

/// <summary>Which replies in a defect's thread are also shown in the channel. The numbers are stored: never renumber.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BroadcastWhen>))]
public enum BroadcastWhen
{
    /// <summary>None. The default.</summary>
    [JsonStringEnumMemberName("never")]
    Never = 0,

    /// <summary>Only the reply that the defect is resolved.</summary>
    [JsonStringEnumMemberName("on-resolve")]
    OnResolve = 1,

    /// <summary>All replies.</summary>
    [JsonStringEnumMemberName("always")]
    Always = 2,
}
