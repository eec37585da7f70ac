using System.Text.Json.Serialization;
using DefectNotifier.Events;
using DefectNotifier.Routing;

namespace DefectNotifier.Sqlite;

/// <summary>How a decision is written into the <c>decision</c> column, and a defect into <c>state</c>. Read-only properties are computed and are not stored.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    Converters = [typeof(HistoryEntryConverter)])]
[JsonSerializable(typeof(RoutingDecision))]
[JsonSerializable(typeof(Defect))]
internal sealed partial class StoredJson : JsonSerializerContext;
