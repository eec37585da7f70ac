using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using DefectNotifier.Outbox;

namespace DefectNotifier.Worker.Operations;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ReadyReport))]
[JsonSerializable(typeof(IReadOnlyList<StoredEvent>))]
[JsonSerializable(typeof(StoredEvent))]
[JsonSerializable(typeof(IReadOnlyList<SandboxView>))]
internal sealed partial class OperationsJson : JsonSerializerContext
{
    /// <summary>Indented and with characters as they are: it is people who read it. Answers are <c>application/json</c>, never HTML.</summary>
    public static OperationsJson Readable { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
