using System.Text.Json;
using DefectNotifier.Chat;
using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Worker.Operations;

/// <summary>Reads the message of a delivery: the stored one of a dead or held delivery, otherwise one that is rendered now.</summary>
/// <param name="admin">Finds deliveries.</param>
/// <param name="history">The store.</param>
/// <param name="preview">Renders; null: nothing can be rendered, because the settings have errors.</param>
internal sealed class MessageReader(OutboxAdmin admin, IOutboxHistory history, Func<MessagePreview?> preview) : IDisposable
{
    /// <summary>The maximum number of requests at once that need a message to be rendered: a template may run for two seconds.</summary>
    public const int MaxAtOnce = 8;

    // Lanes render, too.
    private readonly SemaphoreSlim _slots = new(Math.Clamp(Environment.ProcessorCount / 2, 1, MaxAtOnce));
    private int _requests;

    public async Task<AdminResult<DeliveryMessage>> ReadAsync(long deliveryId, CancellationToken cancellationToken)
    {
        if (await history.ReadMessageAsync(deliveryId, cancellationToken) is { } stored)
            return DeliveryMessage.Of(new ChatMessage(PlatformOf(stored), stored), isExact: true);
        try
        {
            return Interlocked.Increment(ref _requests) <= MaxAtOnce
                ? await WaitAndRenderAsync(deliveryId, cancellationToken)
                : AdminProblems.TooManyPreviews;
        }
        finally
        {
            Interlocked.Decrement(ref _requests);
        }
    }

    public void Dispose() => _slots.Dispose();

    private async Task<AdminResult<DeliveryMessage>> WaitAndRenderAsync(long deliveryId, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            return await RenderAsync(deliveryId, cancellationToken);
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task<AdminResult<DeliveryMessage>> RenderAsync(long deliveryId, CancellationToken cancellationToken)
    {
        var found = await admin.FindAsync(deliveryId, cancellationToken);
        // A delivery in a digest was sent with it.
        if (found.Value?.Delivery.DigestId is { } digestId) found = await admin.FindAsync(digestId, cancellationToken);
        if (found.Value is not { } timeline) return found.Problem!;
        if (await history.ReadDeliveryAsync(timeline.Delivery.Id, cancellationToken) is not { } delivery)
            return AdminProblems.UnknownDelivery(deliveryId);
        return preview() is { } renderer && await renderer.RenderAsync(delivery, timeline.History, cancellationToken) is { } message
            ? DeliveryMessage.Of(message, isExact: false)
            : AdminProblems.NoMessage(deliveryId);
    }

    // The destination may not be configured any more. Only Teams' envelope has a type.
    private static ChatPlatform PlatformOf(byte[] stored)
    {
        try
        {
            var message = JsonElement.Parse(stored);
            var isEnvelope = message.ValueKind == JsonValueKind.Object && message.TryGetProperty("type", out _);
            return isEnvelope ? ChatPlatform.Teams : ChatPlatform.Slack;
        }
        catch (JsonException)
        {
            return ChatPlatform.Slack;
        }
    }
}

/// <summary>The message of a delivery.</summary>
/// <param name="IsExact">
/// True: it is what was, or would have been, sent. False: it was rendered now, with the present templates and what is known of the defect.
/// </param>
/// <param name="Platform"><c>slack</c> or <c>teams</c>.</param>
/// <param name="Text">The message as its readers see it.</param>
/// <param name="Json">What the chat receives.</param>
/// <param name="Version">The configuration that rendered it; null: not known.</param>
internal sealed record DeliveryMessage(bool IsExact, string Platform, string Text, JsonElement Json, string? Version)
{
    public static DeliveryMessage Of(ChatMessage message, bool isExact) => new(
        isExact,
        message.Platform.Word(),
        PlatformFormats.Read(message.Platform, message.Json).ToString(),
        JsonElement.Parse(message.Json.Span),
        message.Version);
}
