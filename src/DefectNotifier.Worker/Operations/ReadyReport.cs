using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Enrichment;

namespace DefectNotifier.Worker.Operations;

/// <summary>Whether the service can do its work.</summary>
/// <param name="Status"><c>ready</c>, <c>degraded</c> (a destination is parked, deliveries wait for one that is gone, Qase's API refuses a token, or changed settings or templates have errors and earlier ones stay in force) or <c>unavailable</c>.</param>
/// <param name="Store"><c>writable</c>, or why not.</param>
/// <param name="Lanes">One for each destination of the configuration.</param>
/// <param name="WithoutDestination">What waits for destinations that the configuration no longer has.</param>
/// <param name="Configuration">What is in force.</param>
/// <param name="Qase">How it stands with asking Qase's API; empty where it is not asked.</param>
internal sealed record ReadyReport(string Status, string Store, IReadOnlyList<LaneStatus> Lanes, IReadOnlyDictionary<string, long> WithoutDestination, ConfigurationReport Configuration,
    IReadOnlyList<QaseStatus> Qase);
