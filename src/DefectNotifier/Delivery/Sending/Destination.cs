using DefectNotifier.Delivery.RateLimits;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Routing;

namespace DefectNotifier.Delivery.Sending;

/// <summary>A configured destination, ready to be sent to.</summary>
public sealed record Destination
{
    public required string Name { get; init; }

    public required ChatPlatform Platform { get; init; }

    /// <summary>
    /// The rate limits for posts, the narrowest first. A 429 holds the last one, and with it every destination that shares it.
    /// </summary>
    public IReadOnlyList<SharedRateLimit> Limits { get; init; } = [];

    /// <summary>
    /// The rate limit for lookups in the channel; a 429 to a lookup holds lookups only, not posts. Null: an unlimited one of its own.
    /// </summary>
    public SharedRateLimit? LookupLimit { get; init; }

    /// <summary>The rate limit for lookups in a thread.</summary>
    public SharedRateLimit? ThreadLookupLimit { get; init; }

    /// <summary>The rate limit for updates of posted messages; a 429 to an update holds updates only, not posts. Null: no limit.</summary>
    public SharedRateLimit? UpdateLimit { get; init; }

    /// <summary>Every rate limit of the destination.</summary>
    public IEnumerable<SharedRateLimit> AllLimits =>
        Limits.Concat(((SharedRateLimit?[])[LookupLimit, ThreadLookupLimit, UpdateLimit]).OfType<SharedRateLimit>());

    /// <summary>
    /// What to do when a message may have been posted and a lookup is not possible; default <see cref="WhenUnsure.Resend"/>.
    /// </summary>
    public WhenUnsure WhenUnsure { get; init; }

    /// <summary>The time zone in which dates are shown; null: that of the templates.</summary>
    public TimeZoneInfo? TimeZone { get; init; }

    /// <summary>When messages that wait become a digest; null: never.</summary>
    public DigestOptions? Digest { get; init; }

    /// <summary>How long one attempt may take.</summary>
    public required TimeSpan Timeout { get; init; }

    public required IMessageSender Sender { get; init; }

    /// <summary>A digest of the settings; a parked lane resumes when it changes.</summary>
    public required string SettingsDigest { get; init; }
}

/// <summary>What to do when a message may have been posted and it is not possible to find out.</summary>
public enum WhenUnsure
{
    /// <summary>Send it again, with a note that it may be a repeat: the channel may show it twice.</summary>
    Resend,

    /// <summary>Hold it for manual review: the channel may never show it.</summary>
    Hold,
}
