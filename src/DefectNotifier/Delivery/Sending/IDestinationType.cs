using DefectNotifier.Delivery.RateLimits;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Delivery.Sending;

/// <summary>A type of destination: which settings it needs, its rate limits, and how it sends.</summary>
public interface IDestinationType
{
    /// <summary>The value of <c>Type</c> in the configuration.</summary>
    string Name { get; }

    /// <summary>The rate limit where the configuration has none.</summary>
    RateLimitOptions DefaultRateLimit { get; }

    /// <summary>The keys of <see cref="DestinationOptions"/> that this type uses, besides Type, RateLimit and Timeout.</summary>
    IReadOnlyList<string> Keys { get; }

    /// <summary>All errors in the options; empty when they can be used.</summary>
    IEnumerable<SettingError> Validate(DestinationOptions options);

    /// <summary>The platform whose JSON the destination takes. Only called with valid options.</summary>
    ChatPlatform PlatformOf(DestinationOptions options);

    /// <summary>
    /// The rate limits for posts, the narrowest first. Destinations in the same place or workspace share limits by using the same keys.
    /// Only called with valid options.
    /// </summary>
    IReadOnlyList<SharedRateLimit> LimitsOf(DestinationOptions options);

    /// <summary>
    /// The rate limit for lookups (see <see cref="IMessageLookup"/>); null where lookups are not possible. Only called with valid options.
    /// </summary>
    SharedRateLimit? LookupLimitOf(DestinationOptions options) => null;

    /// <summary>The rate limit for lookups in a thread.</summary>
    SharedRateLimit? ThreadLookupLimitOf(DestinationOptions options) => null;

    /// <summary>
    /// The rate limit for updates of posted messages (see <see cref="IThreadedSender"/>); null where updates are not possible. Only called
    /// with valid options.
    /// </summary>
    SharedRateLimit? UpdateLimitOf(DestinationOptions options) => null;

    /// <summary>Only called with valid options.</summary>
    IMessageSender CreateSender(DestinationOptions options);
}

/// <summary>An error in one setting.</summary>
/// <param name="Key">The key, relative to the section that was checked, for example <c>Url</c>.</param>
/// <param name="Message">What is wrong and how to fix it; never the value of a secret.</param>
public sealed record SettingError(string Key, string Message);
