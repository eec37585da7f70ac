namespace DefectNotifier.Worker;

/// <summary>What Qase reaches, and what operators see.</summary>
internal sealed record Listeners(Listener Ingress, Listener Operations);
