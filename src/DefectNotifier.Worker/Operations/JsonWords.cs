using System.Text.Json;
using System.Text.Json.Serialization;
using DefectNotifier.Enrichment;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Worker.Operations;

/// <summary>
/// The enums that are written as words in JSON. A word of a later version is read as null; where null is not possible, reading fails.
/// </summary>
internal static class JsonWords
{
    public static void AddTo(IList<JsonConverter> converters)
    {
        Add(converters, DeliveryStates.Word, DeliveryStates.Parse);
        Add(converters, SendOutcomes.Word, SendOutcomes.Parse);
        Add(converters, SendReasons.Word, SendReasons.Parse);
        Add<SendStep>(converters, SendSteps.Word, word => SendSteps.Parse(word));
        Add<OperatorAction>(converters, OperatorActions.Word, word => OperatorActions.Parse(word));
        Add(converters, QaseOutcomes.Word, QaseOutcomes.Parse);
    }

    private static void Add<T>(IList<JsonConverter> converters, Func<T, string?> word, Func<string?, T?> parse)
        where T : struct, Enum
    {
        converters.Add(new WordConverter<T>(word, text => parse(text) ?? throw new JsonException()));
        converters.Add(new WordConverter<T?>(value => value is { } known ? word(known) : null, parse));
    }
}

/// <summary>What the OpenAPI description needs to know about a <see cref="WordConverter{T}"/>.</summary>
internal interface IWordConverter
{
    /// <summary>True when the JSON is a word or null; false when it is always a word.</summary>
    bool CanBeNull { get; }
}

/// <summary>Writes a value as its word, without reflection.</summary>
internal sealed class WordConverter<T>(Func<T, string?> word, Func<string?, T> parse) : JsonConverter<T>, IWordConverter
{
    // Only the default value of an enum may have no word.
    public bool CanBeNull => word(default!) is null;

    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => parse(reader.GetString());

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(word(value));
}
