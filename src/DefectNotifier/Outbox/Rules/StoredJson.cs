using System.Text.Json;
using System.Text.Json.Serialization;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;

namespace DefectNotifier.Outbox.Rules;

/// <summary>
/// The JSON form in which routing decisions, defects and where they were announced are stored. Read-only properties are computed and not
/// stored.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    Converters = [typeof(HistoryEntryConverter)])]
[JsonSerializable(typeof(RoutingDecision))]
[JsonSerializable(typeof(Defect))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, int>))]
[JsonSerializable(typeof(Digest))]
[JsonSerializable(typeof(Silence))]
public sealed partial class StoredJson : JsonSerializerContext;

/// <summary>
/// Writes an entry as <c>["defect.created",1767603600000,418,false]</c>: a defect has up to 26 of them, and they are read and written with
/// each of its events.
/// </summary>
internal sealed class HistoryEntryConverter : JsonConverter<DefectHistoryEntry>
{
    private static readonly string[] Known = ["defect.created", "defect.updated", "defect.resolved", "defect.deleted", "response"];

    public override DefectHistoryEntry Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        reader.Read();
        var name = NameOf(ref reader);
        reader.Read();
        var at = DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64());
        reader.Read();
        long? member = reader.TokenType == JsonTokenType.Null ? null : reader.GetInt64();
        reader.Read();
        var isArrival = reader.GetBoolean();
        reader.Read();
        return new DefectHistoryEntry(name, at, member) { IsArrival = isArrival };
    }

    public override void Write(Utf8JsonWriter writer, DefectHistoryEntry value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteStringValue(value.Event);
        writer.WriteNumberValue(value.At.ToUnixTimeMilliseconds());
        if (value.TeamMemberId is { } member) writer.WriteNumberValue(member);
        else writer.WriteNullValue();
        writer.WriteBooleanValue(value.IsArrival);
        writer.WriteEndArray();
    }

    private static string NameOf(ref Utf8JsonReader reader)
    {
        foreach (var known in Known)
            if (reader.ValueTextEquals(known)) return known;
        return reader.GetString()!;
    }
}
