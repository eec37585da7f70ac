using System.Text.Json.Nodes;
using DefectNotifier.Delivery;

namespace DefectNotifier.Worker.Operations;

/// <summary>A message that a sandbox took: as a reader would see it, and as the chat would have got it.</summary>
internal sealed record SandboxView(string Destination, string Platform, DateTimeOffset ReceivedAt, string Text, JsonNode? Json);
