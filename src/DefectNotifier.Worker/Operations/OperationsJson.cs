using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using DefectNotifier.Delivery;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Worker.Operations;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ReadyReport))]
[JsonSerializable(typeof(IReadOnlyList<LaneStatus>))]
[JsonSerializable(typeof(IReadOnlyList<StoredEvent>))]
[JsonSerializable(typeof(StoredEvent))]
[JsonSerializable(typeof(DeliveryPage))]
[JsonSerializable(typeof(ArchivePage))]
[JsonSerializable(typeof(DeliveryTimeline))]
[JsonSerializable(typeof(ChangeResult))]
[JsonSerializable(typeof(BulkRequest))]
[JsonSerializable(typeof(BulkResult))]
[JsonSerializable(typeof(ResumeResponse))]
[JsonSerializable(typeof(ReloadResponse))]
[JsonSerializable(typeof(IReadOnlyList<SandboxView>))]
[JsonSerializable(typeof(Problem))]
// What parameters and kept messages are made of, for the description.
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class OperationsJson : JsonSerializerContext
{
    /// <summary>Indented and with characters as they are: it is people who read it. Answers are <c>application/json</c>, never HTML.</summary>
    public static OperationsJson Readable { get; } = new(Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web)));

    /// <summary>The same for options that somebody else has made.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.WriteIndented = true;
        // The web's defaults take numbers in quotes too, and the description would say so of every answer.
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        return options;
    }
}
