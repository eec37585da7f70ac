using System.Text.Json;
using System.Text.Json.Serialization;

namespace DefectNotifier.Worker.Ingress;

/// <summary>The body of a 202.</summary>
/// <param name="Id">The event's id.</param>
/// <param name="Status">What happened to the event, such as <c>accepted</c> or <c>duplicate</c>.</param>
/// <param name="Deliveries">The number of deliveries that were stored for it.</param>
internal sealed record WebhookResponse(string Id, string Status, int Deliveries);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(WebhookResponse))]
internal sealed partial class IngressJson : JsonSerializerContext;
