using DefectNotifier.Delivery;
using DefectNotifier.Rendering;

namespace DefectNotifier.Chat.Sandbox;

/// <summary><c>sandbox</c>: takes every message and keeps the last ones, to try things without a chat.</summary>
internal sealed class SandboxDestinationType(SandboxInbox inbox) : IDestinationType
{
    public string Name => "sandbox";

    public PaceOptions DefaultPace { get; } = new() { PerSecond = 0 };

    public IReadOnlyList<string> Keys { get; } = [nameof(DestinationOptions.As)];

    public IEnumerable<SettingFault> Validate(DestinationOptions options)
    {
        if (TryReadPlatform(options.As) is null)
            yield return new SettingFault(nameof(DestinationOptions.As), "is the chat that the sandbox stands for: slack or teams");
    }

    public ChatPlatform PlatformOf(DestinationOptions options) => TryReadPlatform(options.As) ?? ChatPlatform.Slack;

    public IReadOnlyList<LimitOptions> LimitsOf(DestinationOptions options) => [new($"{Name}:{options.Name}", options.Pace ?? DefaultPace)];

    public IMessageSender CreateSender(DestinationOptions options) => new SandboxSender(inbox, options.Name);

    private static ChatPlatform? TryReadPlatform(string? text) => text?.Trim().ToUpperInvariant() switch
    {
        null or "" or "SLACK" => ChatPlatform.Slack,
        "TEAMS" => ChatPlatform.Teams,
        _ => null,
    };
}
