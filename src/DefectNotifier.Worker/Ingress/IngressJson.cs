using System.Text.Json;
using System.Text.Json.Serialization;

namespace DefectNotifier.Worker.Ingress;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WebhookAnswer))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class IngressJson : JsonSerializerContext;
