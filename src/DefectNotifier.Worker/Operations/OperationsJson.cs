using System.Text.Json;
using System.Text.Json.Serialization;
using DefectNotifier.Outbox;

namespace DefectNotifier.Worker.Operations;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(ReadyReport))]
[JsonSerializable(typeof(IReadOnlyList<StoredEvent>))]
[JsonSerializable(typeof(StoredEvent))]
[JsonSerializable(typeof(IReadOnlyList<SandboxView>))]
internal sealed partial class OperationsJson : JsonSerializerContext;
