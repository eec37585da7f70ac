namespace DefectNotifier.Postgres.Leases;

/// <summary>How a node registers.</summary>
/// <param name="Name">The name under which it is shown.</param>
/// <param name="Version">The version of its program.</param>
/// <param name="Configuration">The digest of its configuration now.</param>
/// <param name="Lease">How long it keeps its lanes after its last heartbeat.</param>
internal sealed record NodeIdentity(string Name, string Version, Func<string> Configuration, TimeSpan Lease);
