using DefectNotifier.Chat.Slack;
using DefectNotifier.Chat.Teams;
using DefectNotifier.Chat.TextViews;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat;

/// <summary>How each platform's messages are written and read. A new platform is added to both members.</summary>
public static class PlatformFormats
{
    public static IReadOnlyList<IMessageFormatter> Formatters { get; } = [new SlackMessageFormatter(), new TeamsMessageFormatter()];

    /// <summary>A message as its readers see it. Never throws, whatever the JSON.</summary>
    public static MessageText Read(ChatPlatform platform, ReadOnlyMemory<byte> json) => platform switch
    {
        ChatPlatform.Slack => SlackTextView.Read(json),
        ChatPlatform.Teams => TeamsTextView.Read(json),
        _ => throw new ArgumentOutOfRangeException(nameof(platform)),
    };
}
