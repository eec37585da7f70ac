using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Worker.Settings;

/// <summary>Settings as JSON, for comparing them: a new setting is included automatically. The JSON is never shown.</summary>
[JsonSerializable(typeof(NotifierSettings))]
internal sealed partial class SettingsJson : JsonSerializerContext
{
    private static readonly SettingsJson Masked = Create(isRevealed: false);
    private static readonly SettingsJson Revealed = Create(isRevealed: true);

    /// <summary>Every secret is replaced by the same word.</summary>
    public static byte[] WithoutSecrets(NotifierSettings settings) =>
        JsonSerializer.SerializeToUtf8Bytes(settings, Masked.NotifierSettings);

    /// <summary>With the secrets in clear text: the result must stay in memory.</summary>
    public static JsonObject WithSecrets(NotifierSettings settings) =>
        JsonSerializer.SerializeToNode(settings, Revealed.NotifierSettings)!.AsObject();

    /// <summary>One destination with its secrets in clear text: the result must stay in memory.</summary>
    public static byte[] WithSecrets(DestinationOptions options) =>
        JsonSerializer.SerializeToUtf8Bytes(options, Revealed.DestinationOptions);

    private static SettingsJson Create(bool isRevealed) =>
        new(new JsonSerializerOptions { Converters = { new SecretConverter(isRevealed) } });

    private sealed class SecretConverter(bool isRevealed) : JsonConverter<Secret>
    {
        public override Secret Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Secrets are only written to JSON, never read from it.");

        public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options) =>
            writer.WriteStringValue(isRevealed ? value.Reveal() : value.ToString());
    }
}
