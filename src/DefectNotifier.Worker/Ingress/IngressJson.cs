using System.Text.Json;
using System.Text.Json.Serialization;

namespace DefectNotifier.Worker.Ingress;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(WebhookResponse))]
internal sealed partial class IngressJson : JsonSerializerContext;
