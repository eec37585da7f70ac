namespace DefectNotifier.Delivery;

/// <summary>A place in the order of those who send through a limit.</summary>
/// <param name="DueAt">When it may be used, on the steady clock.</param>
/// <param name="Reason">Why it is not now: <c>rate-limited</c> for all that wait behind a "slow down" of the chat, else <c>pace</c>.</param>
/// <param name="Epoch">Which "slow down" of the chat it knows of; a newer one makes it void.</param>
internal readonly record struct RateLimitPermit(TimeSpan DueAt, string Reason, long Epoch);
