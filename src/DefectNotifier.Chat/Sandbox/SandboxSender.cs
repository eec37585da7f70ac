using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Rendering;

namespace DefectNotifier.Chat.Sandbox;

/// <summary>Puts messages into the inbox; every one is delivered.</summary>
internal sealed class SandboxSender(SandboxInbox inbox, string destination) : IMessageSender
{
    public Task<SendResult> SendAsync(ChatMessage message, string correlationKey, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        inbox.Add(destination, message);
        return Task.FromResult(SendResult.Delivered());
    }
}
