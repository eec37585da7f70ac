using DefectNotifier.Delivery;
using DefectNotifier.Events;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>An event of a defect, as far as one destination is owed a message about it.</summary>
/// <param name="Destination">Whom it is owed to.</param>
/// <param name="Defect">The defect's number; no two projects share one.</param>
/// <param name="Event"><c>created</c>, <c>updated</c> or <c>resolved</c>.</param>
internal readonly record struct OwedMessage(string Destination, int Defect, string Event);
