namespace DefectNotifier.Worker.Ingress;

/// <summary>The body of a 202.</summary>
internal sealed record WebhookResponse(string Id, string Status, int Deliveries);
