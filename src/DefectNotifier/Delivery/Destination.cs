using DefectNotifier.Rendering;

namespace DefectNotifier.Delivery;

/// <summary>A named place in a chat, ready to be sent to.</summary>
public sealed record Destination
{
    public required string Name { get; init; }

    public required ChatPlatform Platform { get; init; }

    public required PaceOptions Pace { get; init; }

    /// <summary>How long one attempt may take.</summary>
    public required TimeSpan Timeout { get; init; }

    public required IMessageSender Sender { get; init; }

    /// <summary>A digest of the settings; a parked lane resumes when it changes.</summary>
    public required string SettingsDigest { get; init; }
}
