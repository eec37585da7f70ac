using System.Text.Json.Serialization;
using DefectNotifier.Routing;

namespace DefectNotifier.Storage;

/// <summary>How a decision is written into the <c>decision</c> column. Read-only properties are computed and are not stored.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(RoutingDecision))]
internal sealed partial class StoredJson : JsonSerializerContext;
