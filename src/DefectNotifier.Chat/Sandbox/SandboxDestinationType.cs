using DefectNotifier.Delivery.RateLimits;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Rendering;

namespace DefectNotifier.Chat.Sandbox;

/// <summary><c>sandbox</c>: takes every message and keeps the last ones, to try things without a chat.</summary>
internal sealed class SandboxDestinationType(SandboxInbox inbox) : IDestinationType
{
    public string Name => "sandbox";

    public RateLimitOptions DefaultRateLimit { get; } = new() { PerSecond = 0 };

    public IReadOnlyList<string> Keys { get; } = [nameof(DestinationOptions.As)];

    public IEnumerable<SettingError> Validate(DestinationOptions options)
    {
        if (TryReadPlatform(options.As) is null)
            yield return new SettingError(nameof(DestinationOptions.As), "is the chat that the sandbox stands for: slack or teams");
    }

    public ChatPlatform PlatformOf(DestinationOptions options) => TryReadPlatform(options.As) ?? ChatPlatform.Slack;

    public IReadOnlyList<SharedRateLimit> LimitsOf(DestinationOptions options) => [new($"{Name}:{options.Name}", options.RateLimit ?? DefaultRateLimit)];

    public IMessageSender CreateSender(DestinationOptions options) => new SandboxSender(inbox, options.Name);

    private static ChatPlatform? TryReadPlatform(string? text) => text?.Trim().ToUpperInvariant() switch
    {
        null or "" or "SLACK" => ChatPlatform.Slack,
        "TEAMS" => ChatPlatform.Teams,
        _ => null,
    };
}
