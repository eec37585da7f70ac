using System.Text.Json.Serialization;
using DefectNotifier.Worker.Operations;

namespace DefectNotifier.Worker.Commands.Replaying;

/// <summary>
/// The differences that the new configuration would have made, by kind, most frequent first. Stored events that are not valid webhooks,
/// and differences of further kinds, are only counted. The paces are those of the new configuration.
/// </summary>
internal sealed record ReplayReport(
    long Events,
    long Rerouted,
    IReadOnlyList<RouteDifference> Routes,
    IReadOnlyList<TextDifference> Texts,
    long Unreadable,
    long NotListed,
    IReadOnlyList<PaceEstimate> Paces)
{
    /// <summary>The events were received since then.</summary>
    public DateTimeOffset? Since { get; init; }
}

/// <summary>Events that would go to other destinations. The example is the id of the newest one.</summary>
internal sealed record RouteDifference(
    string EventName, string? ProjectCode, IReadOnlyList<string> Lost, IReadOnlyList<string> Gained, long Count, string Example);

/// <summary>
/// Messages of one kind, or replies of one kind in the threads of defects, whose text would change. The example is the newest one, with its
/// changed lines; the error is the first one of the new template.
/// </summary>
internal sealed record TextDifference(
    string EventName,
    string Platform,
    string? TemplateSet,
    bool IsReply,
    long Compared,
    long Changed,
    long Failed,
    string Example,
    IReadOnlyList<string> Lines,
    string? Error);

[JsonSerializable(typeof(ReplayReport))]
internal sealed partial class ReplayJson : JsonSerializerContext
{
    public static ReplayJson Readable { get; } = new(OperationsJson.NewOptions());
}
