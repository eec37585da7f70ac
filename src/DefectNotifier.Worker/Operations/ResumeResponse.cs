using DefectNotifier.Delivery;

namespace DefectNotifier.Worker.Operations;

/// <summary>An operator's word for a parked destination was passed on.</summary>
/// <param name="Destination">The destination.</param>
/// <param name="Detail">What happens now.</param>
internal sealed record ResumeResponse(string Destination, string Detail);
