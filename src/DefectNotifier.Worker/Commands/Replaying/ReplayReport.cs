namespace DefectNotifier.Worker.Commands.Replaying;

/// <summary>What would have been otherwise with the new configuration.</summary>
/// <param name="Events">How many stored events were run through it.</param>
/// <param name="Rerouted">How many of these would have gone elsewhere.</param>
/// <param name="Routes">Those, by kind, the most frequent first.</param>
/// <param name="Texts">Which words would have changed, by kind.</param>
/// <param name="Unreadable">How many stored events could not be read as webhooks.</param>
/// <param name="NotListed">How many differences are of further kinds, which are not listed.</param>
internal sealed record ReplayReport(long Events, long Rerouted, IReadOnlyList<RouteDifference> Routes, IReadOnlyList<TextDifference> Texts, long Unreadable, long NotListed);
