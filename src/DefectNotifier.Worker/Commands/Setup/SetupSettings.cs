using System.Text.Encodings.Web;
using System.Text.Json;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Worker.Hosting;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Commands.Setup;

/// <summary>Writes the settings file of a new installation.</summary>
internal static class SetupSettings
{
    // For people: an & in a URL is not escaped.
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The content of the file, UTF-8, accepted by the service.</summary>
    /// <param name="answers">The answers.</param>
    /// <param name="ingressSecret">The secret of the webhook in Qase.</param>
    /// <exception cref="SettingsException">The answers do not make valid settings.</exception>
    public static byte[] Write(SetupAnswers answers, string ingressSecret)
    {
        using var file = new MemoryStream();
        using (var json = new Utf8JsonWriter(file, Readable))
        {
            json.WriteStartObject();
            json.WriteStartObject("Ingress");
            WriteList(json, "Secrets", [ingressSecret]);
            json.WriteEndObject();
            json.WriteStartObject("Destinations");
            foreach (var destination in answers.Destinations) Write(json, destination);
            json.WriteEndObject();
            json.WriteStartArray("Routes");
            json.WriteStartObject();
            if (answers.ProjectCodes.Count > 0) WriteList(json, "ProjectCodes", answers.ProjectCodes);
            WriteList(json, "To", answers.Destinations.Select(destination => destination.Name));
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        Validate(file);
        return file.ToArray();
    }

    private static void Write(Utf8JsonWriter json, DestinationOptions destination)
    {
        json.WriteStartObject(destination.Name);
        (string Key, string? Value)[] parts =
        [
            ("Type", destination.Type), ("Channel", destination.Channel), ("Token", destination.Token?.Reveal()),
            ("Url", destination.Url?.Reveal()), ("As", destination.As),
        ];
        foreach (var (key, value) in parts.Where(part => part.Value is not null)) json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    // Validated by the reader that the service uses.
    private static void Validate(MemoryStream file)
    {
        file.Position = 0;
        using var components = new ChatComponents(TimeProvider.System);
        new SettingsReader(components.DestinationTypes).Read(SettingsSources.Parse(file), []);
    }
}
