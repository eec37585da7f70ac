using System.Text.Json.Nodes;
using DefectNotifier.Chat;
using DefectNotifier.Chat.Sandbox;
using DefectNotifier.Rendering.Values;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DefectNotifier.Worker.Operations;

/// <summary>The messages of sandbox destinations.</summary>
internal static class SandboxEndpoints
{
    public static void Map(WebApplication app) =>
        app.MapGet("/sandbox/messages", List)
            .WithSummary("The messages that sandbox destinations received, newest last.")
            .WithTags("Sandbox")
            .RejectsWith();

    private static Ok<IReadOnlyList<SandboxView>> List(SandboxInbox inbox) =>
        TypedResults.Ok<IReadOnlyList<SandboxView>>([.. inbox.Messages.Select(View)]);

    private static SandboxView View(SandboxMessage message) => new(
        message.Destination,
        message.Platform.Word(),
        message.ReceivedAt,
        PlatformFormats.Read(message.Platform, message.Json).ToString(),
        JsonNode.Parse(message.Json.Span));
}

/// <summary>A message that a sandbox received: as a reader would see it, and the JSON that the chat would have received.</summary>
internal sealed record SandboxView(string Destination, string Platform, DateTimeOffset ReceivedAt, string Text, JsonNode? Json);
