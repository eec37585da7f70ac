using System.Text.Json.Nodes;
using DefectNotifier.Chat.Sandbox;
using DefectNotifier.Chat.TextViews;
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

    private static SandboxView View(SandboxMessage message)
    {
        var isSlack = message.Platform == ChatPlatform.Slack;
        var text = isSlack ? SlackTextView.Render(message.Json) : TeamsTextView.Render(message.Json);
        return new SandboxView(
            message.Destination, isSlack ? "slack" : "teams", message.ReceivedAt, text, JsonNode.Parse(message.Json.Span));
    }
}

/// <summary>A message that a sandbox received: as a reader would see it, and the JSON that the chat would have received.</summary>
internal sealed record SandboxView(string Destination, string Platform, DateTimeOffset ReceivedAt, string Text, JsonNode? Json);
