using System.Text.Json.Nodes;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Worker.Operations;

namespace DefectNotifier.Worker.Commands.Previews;

/// <summary>A message for the chats' designer tools: Slack's text and blocks, or the Teams card without its envelope.</summary>
internal static class DesignerJson
{
    // Properties of posting a message, not of its content.
    private static readonly string[] PostingProperties = ["unfurl_links", "unfurl_media"];

    public static string Of(ChatMessage message)
    {
        var json = JsonNode.Parse(message.Json.Span)!.AsObject();
        foreach (var property in PostingProperties) json.Remove(property);
        var shown = message.Platform == ChatPlatform.Teams && json["attachments"] is JsonArray { Count: > 0 } attachments
            ? attachments[0]!["content"]!
            : json;
        return shown.ToJsonString(OperationsJson.NewOptions());
    }
}
