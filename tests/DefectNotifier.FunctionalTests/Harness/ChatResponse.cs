using System.Text.Json.Nodes;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>
/// What a chat does with one request. In a body, <c>{url}</c>, <c>{tail}</c> (the last 40 characters of the URL) and <c>{authorization}</c>
/// are replaced by those of the request.
/// </summary>
internal sealed record ChatResponse(int Status, string Body = "")
{
    /// <summary>The chat closes the connection instead of responding.</summary>
    public static readonly ChatResponse Dropped = new(0);

    /// <summary>The chat reads the request and does not respond until the server is disposed.</summary>
    public static readonly ChatResponse Withheld = new(0);

    /// <summary>Seconds, as the header <c>Retry-After</c>.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>How long the chat takes to respond.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The chat responds when this has completed.</summary>
    public Task Until { get; init; } = Task.CompletedTask;

    /// <summary>True when the message is in the channel afterwards.</summary>
    public bool IsPosted { get; init; }

    /// <summary>The response of a healthy chat: the message is posted.</summary>
    public static ChatResponse Good(ChatKind kind) => kind switch
    {
        ChatKind.SlackWebhook => new ChatResponse(200, "ok") { IsPosted = true },
        ChatKind.SlackBot => new ChatResponse(
            200, """{"ok":true,"channel":"C0123456789","ts":"1767603600.000100","message":{"text":"..."}}""")
        {
            IsPosted = true,
        },
        _ => new ChatResponse(202) { IsPosted = true },
    };

    public static ChatResponse TooMany(ChatKind kind, int seconds) => kind switch
    {
        ChatKind.SlackWebhook => new ChatResponse(429, "rate_limited") { RetryAfter = seconds },
        ChatKind.SlackBot => new ChatResponse(429, """{"ok":false,"error":"ratelimited"}""") { RetryAfter = seconds },
        _ => new ChatResponse(429, """{"error":{"code":"TooManyRequests","message":"Rate limit is exceeded."}}""") { RetryAfter = seconds },
    };
}

/// <summary>Slack's responses to <c>conversations.history</c>.</summary>
internal static class ChatHistory
{
    public static readonly ChatResponse NotAllowed =
        new(200, """{"ok":false,"error":"missing_scope","needed":"channels:history","provided":"chat:write"}""");

    /// <summary>The posted messages with their metadata, the newest first, as Slack returns them.</summary>
    public static ChatResponse Of(IEnumerable<ChatCall> posted)
    {
        var messages = posted.Reverse().Select(call => (JsonNode)new JsonObject
        {
            ["type"] = "message",
            ["ts"] = $"{call.ArrivedAt.ToUnixTimeSeconds()}.{call.Number:D6}",
            ["text"] = call.Json["text"]?.DeepClone(),
            ["metadata"] = call.Json["metadata"]?.DeepClone(),
        });
        var body = new JsonObject { ["ok"] = true, ["messages"] = new JsonArray([.. messages]), ["has_more"] = false };
        return new ChatResponse(200, body.ToJsonString());
    }
}
