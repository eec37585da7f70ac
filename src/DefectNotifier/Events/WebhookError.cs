namespace DefectNotifier.Events;

/// <summary>Why a request body is not a Qase webhook.</summary>
/// <param name="Code">A stable word from a closed list, for example <c>missing-event-name</c>.</param>
/// <param name="Detail">A sentence for the person who set the webhook up.</param>
/// <param name="Field">The path of the field at error, for example <c>payload.id</c>; null when it is the whole body.</param>
public sealed record WebhookError(string Code, string Detail, string? Field = null);
