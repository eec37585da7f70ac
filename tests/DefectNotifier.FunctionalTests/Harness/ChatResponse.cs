using DefectNotifier.Chat.Http;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>What a chat does with one request. In a body <c>{url}</c>, <c>{tail}</c> (the address's last 40 characters) and <c>{authorization}</c> become those of the request.</summary>
internal sealed record ChatResponse(int Status, string Body = "")
{
    /// <summary>The connection is broken in place of a answer.</summary>
    public static readonly ChatResponse Dropped = new(0);

    /// <summary>The request is taken and never answered, until the server goes away.</summary>
    public static readonly ChatResponse Withheld = new(0);

    /// <summary>Seconds, as the header <c>Retry-After</c>.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>How long the chat takes for it.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The chat keeps it until then.</summary>
    public Task Until { get; init; } = Task.CompletedTask;

    /// <summary>True when the message now stands in the channel.</summary>
    public bool IsPosted { get; init; }

    /// <summary>The answer of a chat that is well: the message is posted.</summary>
    public static ChatResponse Good(ChatKind kind) => kind switch
    {
        ChatKind.SlackWebhook => new ChatResponse(200, "ok") { IsPosted = true },
        ChatKind.SlackBot => new ChatResponse(200, """{"ok":true,"channel":"C0123456789","ts":"1767603600.000100","message":{"text":"..."}}""") { IsPosted = true },
        _ => new ChatResponse(202) { IsPosted = true },
    };

    public static ChatResponse TooMany(ChatKind kind, int seconds) => kind switch
    {
        ChatKind.SlackWebhook => new ChatResponse(429, "rate_limited") { RetryAfter = seconds },
        ChatKind.SlackBot => new ChatResponse(429, """{"ok":false,"error":"ratelimited"}""") { RetryAfter = seconds },
        _ => new ChatResponse(429, """{"error":{"code":"TooManyRequests","message":"Rate limit is exceeded."}}""") { RetryAfter = seconds },
    };
}
