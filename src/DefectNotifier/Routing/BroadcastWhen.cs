using System.Text.Json.Serialization;

namespace DefectNotifier.Routing;

/// <summary>Which replies in a defect's thread are shown in the channel too. The numbers are stored: never renumber.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BroadcastWhen>))]
public enum BroadcastWhen
{
    /// <summary>None. The default.</summary>
    [JsonStringEnumMemberName("never")]
    Never = 0,

    /// <summary>The one that says that the defect is resolved.</summary>
    [JsonStringEnumMemberName("on-resolve")]
    OnResolve = 1,

    /// <summary>All.</summary>
    [JsonStringEnumMemberName("always")]
    Always = 2,
}
