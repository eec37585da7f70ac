namespace DefectNotifier.Worker;

/// <summary>RFC 9457 problem details. <paramref name="Field"/> names the part of the body at fault; left out when it is the whole request.</summary>
internal sealed record Problem(string Type, string Title, int Status, string Detail, string? Field);
