using System.Text.Json.Nodes;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>What Slack answers to a bot that asks what stands in its channel.</summary>
internal static class ChatHistory
{
    public static readonly ChatResponse NotAllowed =
        new(200, """{"ok":false,"error":"missing_scope","needed":"channels:history","provided":"chat:write"}""");

    /// <summary>The newest first, as Slack has it, with their metadata.</summary>
    public static ChatResponse Of(IEnumerable<ChatCall> posted)
    {
        var messages = posted.Reverse().Select(call => (JsonNode)new JsonObject
        {
            ["type"] = "message",
            ["ts"] = $"{call.ArrivedAt.ToUnixTimeSeconds()}.{call.Number:D6}",
            ["text"] = call.Json["text"]?.DeepClone(),
            ["metadata"] = call.Json["metadata"]?.DeepClone(),
        });
        return new ChatResponse(200, new JsonObject { ["ok"] = true, ["messages"] = new JsonArray([.. messages]), ["has_more"] = false }.ToJsonString());
    }
}
