using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Delivery;

/// <summary>A named place in a chat, ready to be sent to.</summary>
public sealed record Destination
{
    public required string Name { get; init; }

    public required ChatPlatform Platform { get; init; }

    /// <summary>The limits that its sends go through, the narrowest first. A 429 holds the last one, with everybody else who goes through it.</summary>
    public IReadOnlyList<SharedRateLimit> Limits { get; init; } = [];

    /// <summary>The limit that its searches go through; a 429 of a search holds it, with everybody else who searches there, and no sends. Null: one of its own, without a pace.</summary>
    public SharedRateLimit? LookupLimit { get; init; }

    /// <summary>The same for searches in a thread.</summary>
    public SharedRateLimit? ThreadLookupLimit { get; init; }

    /// <summary>The limit that changes of posted messages go through; a 429 of one holds it, and no posts. Null: none of its own.</summary>
    public SharedRateLimit? UpdateLimit { get; init; }

    /// <summary>Every limit that anything goes through.</summary>
    public IEnumerable<SharedRateLimit> AllLimits => Limits.Concat(((SharedRateLimit?[])[LookupLimit, ThreadLookupLimit, UpdateLimit]).OfType<SharedRateLimit>());

    /// <summary>What follows when a message may have been posted and can't be looked up; default <see cref="WhenUnsure.Resend"/>.</summary>
    public WhenUnsure WhenUnsure { get; init; }

    /// <summary>How long one attempt may take.</summary>
    public required TimeSpan Timeout { get; init; }

    public required IMessageSender Sender { get; init; }

    /// <summary>A digest of the settings; a parked lane resumes when it changes.</summary>
    public required string SettingsDigest { get; init; }
}
