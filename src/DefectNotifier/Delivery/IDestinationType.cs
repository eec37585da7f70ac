using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Delivery;

/// <summary>A kind of destination: what it needs, how fast it may be sent to, and how it sends.</summary>
public interface IDestinationType
{
    /// <summary>The word in <c>Type</c>.</summary>
    string Name { get; }

    /// <summary>The pace where the configuration states none.</summary>
    RateLimitOptions DefaultRateLimit { get; }

    /// <summary>The keys of <see cref="DestinationOptions"/> that mean something to this type, besides Type, Pace and Timeout.</summary>
    IReadOnlyList<string> Keys { get; }

    /// <summary>Everything that is wrong with the options; empty when they can be used.</summary>
    IEnumerable<SettingError> Validate(DestinationOptions options);

    /// <summary>Whose JSON the destination takes. Only called with options that validated.</summary>
    ChatPlatform PlatformOf(DestinationOptions options);

    /// <summary>
    /// The limits that its sends go through, the narrowest first; destinations that are one place in the chat, or one workspace, share them by their keys.
    /// Only called with options that validated.
    /// </summary>
    IReadOnlyList<SharedRateLimit> LimitsOf(DestinationOptions options);

    /// <summary>
    /// The limit that its searches go through (see <see cref="IMessageLookup"/>), shared in the same way; null where nothing can be searched. Only called with
    /// options that validated.
    /// </summary>
    SharedRateLimit? LookupLimitOf(DestinationOptions options) => null;

    /// <summary>The same for searches in a thread.</summary>
    SharedRateLimit? ThreadLookupLimitOf(DestinationOptions options) => null;

    /// <summary>
    /// The limit that changes of posted messages go through (see <see cref="IThreadedSender"/>), shared in the same way; null where nothing can be changed. Only
    /// called with options that validated.
    /// </summary>
    SharedRateLimit? UpdateLimitOf(DestinationOptions options) => null;

    /// <summary>Only called with options that validated.</summary>
    IMessageSender CreateSender(DestinationOptions options);
}
