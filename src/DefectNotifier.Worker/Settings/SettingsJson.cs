using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace DefectNotifier.Worker.Settings;

/// <summary>Settings as JSON, to compare them by: whatever becomes a setting is in it by itself. Never shown to anybody.</summary>
[JsonSerializable(typeof(NotifierSettings))]
internal sealed partial class SettingsJson : JsonSerializerContext
{
    private static readonly SettingsJson Silent = new(new JsonSerializerOptions { Converters = { new SecretConverter(isRevealed: false) } });
    private static readonly SettingsJson Revealing = new(new JsonSerializerOptions { Converters = { new SecretConverter(isRevealed: true) } });

    /// <summary>Without any secret: each stands as the same word.</summary>
    public static byte[] WithoutSecrets(NotifierSettings settings) => JsonSerializer.SerializeToUtf8Bytes(settings, Silent.NotifierSettings);

    /// <summary>With the secrets themselves: it must not leave the memory.</summary>
    public static JsonObject WithSecrets(NotifierSettings settings) => JsonSerializer.SerializeToNode(settings, Revealing.NotifierSettings)!.AsObject();

    /// <summary>One destination with its secrets.</summary>
    public static byte[] WithSecrets(Delivery.Sending.DestinationOptions options) => JsonSerializer.SerializeToUtf8Bytes(options, Revealing.DestinationOptions);
}
