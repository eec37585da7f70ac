using System.Text.Json.Serialization;
using DefectNotifier.Worker.Operations;

namespace DefectNotifier.Worker.Commands.Replaying;

/// <summary>The differences that the new configuration would have made.</summary>
/// <param name="Events">How many stored events were replayed.</param>
/// <param name="Rerouted">How many of them would have gone to other destinations.</param>
/// <param name="Routes">The rerouted events by kind, most frequent first.</param>
/// <param name="Texts">The changed message texts by kind.</param>
/// <param name="Unreadable">How many stored events are not valid webhooks.</param>
/// <param name="NotListed">How many differences are of further kinds that are not listed.</param>
internal sealed record ReplayReport(
    long Events,
    long Rerouted,
    IReadOnlyList<RouteDifference> Routes,
    IReadOnlyList<TextDifference> Texts,
    long Unreadable,
    long NotListed);

/// <summary>Events that would go to other destinations.</summary>
/// <param name="EventName">The name of the events.</param>
/// <param name="ProjectCode">Their project; null when they have none.</param>
/// <param name="Lost">Destinations that would no longer receive them.</param>
/// <param name="Gained">Destinations that would receive them now.</param>
/// <param name="Count">How many events.</param>
/// <param name="Example">The id of the newest event.</param>
internal sealed record RouteDifference(
    string EventName, string? ProjectCode, IReadOnlyList<string> Lost, IReadOnlyList<string> Gained, long Count, string Example);

/// <summary>Messages of one kind whose text would change.</summary>
/// <param name="EventName">The name of the events.</param>
/// <param name="Platform">The chat platform.</param>
/// <param name="TemplateSet">The new route's template set; null: the common templates.</param>
/// <param name="Compared">How many messages of the kind were compared.</param>
/// <param name="Changed">How many of them would have another text.</param>
/// <param name="Failed">For how many of them the new template fails.</param>
/// <param name="Example">The id of the newest event whose text would change.</param>
/// <param name="Lines">The changed lines of that message.</param>
/// <param name="Error">The first error of the new template; null: none.</param>
internal sealed record TextDifference(
    string EventName,
    string Platform,
    string? TemplateSet,
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
