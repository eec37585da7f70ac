using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Http;
using DefectNotifier.Worker.Operations.Status;

namespace DefectNotifier.Worker.Operations;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ReadyReport))]
[JsonSerializable(typeof(ServiceStatus))]
[JsonSerializable(typeof(IReadOnlyList<NodeStatus>))]
[JsonSerializable(typeof(IReadOnlyList<LaneStatus>))]
[JsonSerializable(typeof(EventSummaryPage))]
[JsonSerializable(typeof(IReadOnlyList<StoredEvent>))]
[JsonSerializable(typeof(StoredEvent))]
[JsonSerializable(typeof(DeliveryPage))]
[JsonSerializable(typeof(ArchivePage))]
[JsonSerializable(typeof(DeliveryTimeline))]
[JsonSerializable(typeof(DeliveryMessage))]
[JsonSerializable(typeof(ChangeResult))]
[JsonSerializable(typeof(BulkRequest))]
[JsonSerializable(typeof(BulkResult))]
[JsonSerializable(typeof(ResumeResponse))]
[JsonSerializable(typeof(IReadOnlyList<Silence>))]
[JsonSerializable(typeof(Silence))]
[JsonSerializable(typeof(SilenceRequest))]
[JsonSerializable(typeof(ReloadResponse))]
[JsonSerializable(typeof(LoginRequest))]
[JsonSerializable(typeof(SessionView))]
[JsonSerializable(typeof(IReadOnlyList<SandboxView>))]
[JsonSerializable(typeof(Problem))]
// The types of parameters and stored messages, for the OpenAPI description.
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class OperationsJson : JsonSerializerContext
{
    /// <summary>Indented and without escapes, for readability. Responses are <c>application/json</c>, never HTML.</summary>
    public static OperationsJson Readable { get; } = new(NewOptions());

    /// <summary>The same format for the output of commands.</summary>
    public static JsonSerializerOptions NewOptions() => Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    /// <summary>Applies the same format to existing options.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.WriteIndented = true;
        // The web defaults also accept numbers in quotes, and the OpenAPI description would say so for every response.
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        JsonWords.AddTo(options.Converters);
        return options;
    }
}
