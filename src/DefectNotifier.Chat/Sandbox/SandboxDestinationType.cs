using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.RateLimits;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Sandbox;

/// <summary><c>sandbox</c>: accepts every message and keeps the latest ones, to try the service without a chat.</summary>
internal sealed class SandboxDestinationType(SandboxInbox inbox) : IDestinationType
{
    public string Name => "sandbox";

    public RateLimitOptions DefaultRateLimit { get; } = new() { PerSecond = 0 };

    public IReadOnlyList<string> Keys { get; } = [nameof(DestinationOptions.As)];

    public IEnumerable<SettingError> Validate(DestinationOptions options)
    {
        if (TryReadPlatform(options.As) is null)
        {
            var words = string.Join(" or ", ChatPlatforms.Words);
            yield return new SettingError(nameof(DestinationOptions.As), $"must be {words}: the chat that the sandbox simulates");
        }
    }

    public ChatPlatform PlatformOf(DestinationOptions options) => TryReadPlatform(options.As) ?? ChatPlatform.Slack;

    public IReadOnlyList<SharedRateLimit> LimitsOf(DestinationOptions options) =>
        [new($"{Name}:{options.Name}", options.RateLimit ?? DefaultRateLimit)];

    public IMessageSender CreateSender(DestinationOptions options) => new SandboxSender(inbox, options.Name);

    private static ChatPlatform? TryReadPlatform(string? text) =>
        string.IsNullOrWhiteSpace(text) ? ChatPlatform.Slack : ChatPlatforms.Parse(text.Trim());
}

/// <summary>Adds messages to the inbox; every message is delivered.</summary>
internal sealed class SandboxSender(SandboxInbox inbox, string destination) : IMessageSender
{
    public Task<SendResult> SendAsync(ChatMessage message, string correlationKey, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        inbox.Add(destination, message);
        return Task.FromResult(SendResult.Delivered());
    }
}
