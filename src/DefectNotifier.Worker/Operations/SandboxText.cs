using DefectNotifier.Chat.Sandbox;
using DefectNotifier.Chat.TextViews;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Worker.Operations;

/// <summary>A sandbox's message as a reader of the chat would see it.</summary>
internal static class SandboxText
{
    public static string Of(SandboxMessage message) =>
        message.Platform == ChatPlatform.Slack ? SlackTextView.Render(message.Json) : TeamsTextView.Render(message.Json);
}
