using DefectNotifier.Worker.Operations.Status;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary>The command to run for something that the status reports.</summary>
internal static class NeedCommands
{
    /// <summary>The command and what it does; null: there is none.</summary>
    public static string? Of(StatusItem item) => item.Kind switch
    {
        StatusKinds.Parked => $"outbox resume {item.Destination} to try it now",
        StatusKinds.Failing or StatusKinds.Storm => $"outbox list --state waiting --destination {item.Destination} to see them",
        StatusKinds.Dead or StatusKinds.Held when item.DeliveryId is { } id => $"why {id} to see what happened",
        StatusKinds.Dead or StatusKinds.Held => $"outbox list --state {item.Kind} --destination {item.Destination} to see them",
        StatusKinds.Deferred => $"outbox list --state deferred --destination {item.Destination} to see them",
        StatusKinds.NoDestination => $"outbox discard --state pending --destination {item.Destination} to discard them",
        StatusKinds.Unrouted => $"events list --unrouted{(item.ProjectCode is { } code ? $" --project {code}" : "")} to see them",
        _ => null,
    };
}
