namespace DefectNotifier.Delivery;

/// <summary>A limit that sends to a destination, or searches in it, go through, perhaps together with those to others.</summary>
/// <param name="Key">Names what is limited: a channel, a webhook, a method in a workspace. Stored and shown, so it holds no secret, at most a digest of one.</param>
/// <param name="RateLimit">How fast. Where destinations that share the limit differ, the slowest counts.</param>
public sealed record SharedRateLimit(string Key, RateLimitOptions RateLimit);
