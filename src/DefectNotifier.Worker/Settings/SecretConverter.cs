using System.Text.Json;
using System.Text.Json.Serialization;
using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Worker.Settings;

/// <summary>Writes a secret, or the word that stands for every one.</summary>
internal sealed class SecretConverter(bool isRevealed) : JsonConverter<Secret>
{
    public override Secret Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException("Secrets are read from settings alone.");

    public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options) => writer.WriteStringValue(isRevealed ? value.Reveal() : value.ToString());
}
