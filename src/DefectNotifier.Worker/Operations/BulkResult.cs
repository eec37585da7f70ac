namespace DefectNotifier.Worker.Operations;

/// <summary>What became of the deliveries that a filter found.</summary>
/// <param name="DryRun">True when nothing was changed.</param>
/// <param name="Changed">The ids of those that were changed, or would be; the oldest first.</param>
/// <param name="Refused">How many the filter found for which it can't be done.</param>
/// <param name="Remaining">How many are left for another call: each changes a thousand at most.</param>
internal sealed record BulkResult(bool DryRun, IReadOnlyList<long> Changed, int Refused, int Remaining);
