using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.RateLimits;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Sandbox;

/// <summary>
/// <c>sandbox</c>: accepts every message and keeps the latest ones, to try the service without a chat. <c>As</c> is the type that it
/// simulates. Like a bot of Slack, a sandbox of type <c>slack</c> changes its messages and has threads.
/// </summary>
internal sealed class SandboxDestinationType(SandboxInbox inbox) : IDestinationType
{
    private const string Bot = "slack";

    // In the order of the documentation.
    private static readonly (string Word, ChatPlatform Platform)[] Simulated =
        [(Bot, ChatPlatform.Slack), ("slack-webhook", ChatPlatform.Slack), ("teams", ChatPlatform.Teams)];

    public string Name => "sandbox";

    public RateLimitOptions DefaultRateLimit { get; } = new() { PerSecond = 0 };

    public IReadOnlyList<string> Keys { get; } = [nameof(DestinationOptions.As)];

    public IEnumerable<SettingError> Validate(DestinationOptions options)
    {
        if (Find(options) is null)
        {
            var words = string.Join(", ", Simulated.Select(one => one.Word));
            yield return new SettingError(
                nameof(DestinationOptions.As), $"must be one of {words}: the type of destination that the sandbox simulates");
        }
    }

    public ChatPlatform PlatformOf(DestinationOptions options) => Find(options)?.Platform ?? ChatPlatform.Slack;

    public IReadOnlyList<SharedRateLimit> LimitsOf(DestinationOptions options) =>
        [new($"{Name}:{options.Name}", options.RateLimit ?? DefaultRateLimit)];

    public SharedRateLimit? UpdateLimitOf(DestinationOptions options) =>
        IsBot(options) ? new SharedRateLimit($"{Name}:{options.Name}:update", options.RateLimit ?? DefaultRateLimit) : null;

    public IMessageSender CreateSender(DestinationOptions options) =>
        IsBot(options) ? new SandboxBotSender(inbox, options.Name) : new SandboxSender(inbox, options.Name);

    private static bool IsBot(DestinationOptions options) => Find(options)?.Word == Bot;

    private static (string Word, ChatPlatform Platform)? Find(DestinationOptions options)
    {
        var word = string.IsNullOrWhiteSpace(options.As) ? Bot : options.As.Trim();
        foreach (var one in Simulated)
            if (string.Equals(one.Word, word, StringComparison.OrdinalIgnoreCase)) return one;
        return null;
    }
}

/// <summary>Adds messages to the inbox; every message is delivered.</summary>
internal sealed class SandboxSender(SandboxInbox inbox, string destination) : IMessageSender
{
    public Task<SendResult> SendAsync(ChatMessage message, string correlationKey, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        inbox.Add(destination, message, SandboxMessageKind.Message, root: null);
        return Task.FromResult(SendResult.Delivered());
    }
}

/// <summary>The same, with messages that can be changed and replied to. The references are those of the inbox.</summary>
internal sealed class SandboxBotSender(SandboxInbox inbox, string destination) : IThreadedSender
{
    public string Place => destination;

    public Task<SendResult> SendAsync(ChatMessage message, string correlationKey, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(SendResult.Delivered(inbox.Add(destination, message, SandboxMessageKind.Message, root: null)));
    }

    public Task<SendResult> ReplyAsync(
        ChatMessage message, string root, bool broadcast, string correlationKey, CancellationToken cancellationToken) =>
        ChangeAsync(message, root, SandboxMessageKind.Reply, SendReason.CannotThread, cancellationToken);

    public Task<SendResult> UpdateAsync(ChatMessage message, string root, CancellationToken cancellationToken) =>
        ChangeAsync(message, root, SandboxMessageKind.Update, SendReason.MessageGone, cancellationToken);

    private Task<SendResult> ChangeAsync(
        ChatMessage message, string root, SandboxMessageKind kind, SendReason reasonIfGone, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(inbox.Has(root)
            ? SendResult.Delivered(inbox.Add(destination, message, kind, root))
            : new SendResult(SendOutcome.NotSupported, reasonIfGone) { Detail = "the sandbox does not keep this message any more" });
    }
}
