using System.Text.Json.Serialization;

namespace DefectNotifier.Routing;

/// <summary>
/// How a destination shows a defect, where its chat can change messages and has threads; elsewhere each event is a message. The numbers are stored: never renumber.
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<MessageMode>))]
public enum MessageMode
{
    /// <summary>One message a defect, kept true in place; what happens to it stands in its thread too. The default.</summary>
    [JsonStringEnumMemberName("thread-and-update")]
    ThreadAndUpdate = 0,

    /// <summary>Each event is a message of its own.</summary>
    [JsonStringEnumMemberName("post")]
    Post = 1,

    /// <summary>One message a defect, which stays as it was posted; what happens to it stands in its thread.</summary>
    [JsonStringEnumMemberName("thread")]
    Thread = 2,

    /// <summary>One message a defect, kept true in place; nothing else is posted.</summary>
    [JsonStringEnumMemberName("update")]
    Update = 3,
}
