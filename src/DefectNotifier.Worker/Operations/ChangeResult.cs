using DefectNotifier.Delivery;

namespace DefectNotifier.Worker.Operations;

/// <summary>What became of one delivery by an operator's word.</summary>
/// <param name="Id">The delivery.</param>
/// <param name="Destination">Where it is owed.</param>
/// <param name="Before">The state that it was in.</param>
/// <param name="State">The state that it is in now, or would be in.</param>
/// <param name="DryRun">True when nothing was changed.</param>
internal sealed record ChangeResult(long Id, string Destination, string Before, string State, bool DryRun);
