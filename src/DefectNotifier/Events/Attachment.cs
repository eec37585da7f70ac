namespace DefectNotifier.Events;

/// <summary>A file that belongs to a defect. Qase's webhooks name it by id or hash, its API by file name and address.</summary>
/// <param name="Name">File name, or the id or hash where nothing better came.</param>
/// <param name="Url">Where it can be seen; null when the webhook did not say.</param>
public sealed record Attachment(string Name, string? Url);
