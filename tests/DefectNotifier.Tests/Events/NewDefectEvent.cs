using DefectNotifier.Events;

namespace DefectNotifier.Tests.Events;

/// <summary>An event of a defect as it arrives.</summary>
internal sealed record NewDefectEvent(string Id, DefectEvent Event, DateTimeOffset ReceivedAt, byte[] Body);
