using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Enrichment;
using DefectNotifier.Telemetry;
using DefectNotifier.Worker.Reloading;

namespace DefectNotifier.Worker.Operations.Status;

/// <summary>Whether the service works.</summary>
/// <param name="Status">
/// <c>ready</c>, <c>degraded</c> (a destination is parked, deliveries wait for a destination that was removed, Qase's API rejects a
/// token, changed settings or templates have errors, or a part that is not vital fails) or <c>unavailable</c> (events can't be stored, a
/// lane can't read its deliveries or record their outcomes, or has stopped).
/// </param>
/// <param name="Store"><c>writable</c>, or why it is not.</param>
/// <param name="Problems">The parts whose last work failed, each with the reason of its first failure.</param>
/// <param name="Lanes">One for each configured destination.</param>
/// <param name="WithoutDestination">The number of deliveries waiting for each destination that is no longer configured.</param>
/// <param name="Configuration">The active configuration.</param>
/// <param name="Qase">The state of each Qase API account; empty when the API is not used.</param>
internal sealed record ReadyReport(
    string Status,
    string Store,
    IReadOnlyList<HealthProblem> Problems,
    IReadOnlyList<LaneStatus> Lanes,
    IReadOnlyDictionary<string, long> WithoutDestination,
    ConfigurationReport Configuration,
    IReadOnlyList<QaseStatus> Qase)
{
    /// <summary><see cref="Store"/> when events can be stored.</summary>
    public const string Writable = "writable";

    /// <summary>Why the lists are empty; null: they are complete.</summary>
    public string? Hint { get; init; }

    /// <summary>For everyone who can reach the address.</summary>
    public ReadyReport WithoutNames() => this with
    {
        Problems = [],
        Lanes = [],
        WithoutDestination = new Dictionary<string, long>(),
        Configuration = Configuration with { Rejected = [], BrokenTemplates = [], WaitsForRestart = [] },
        Qase = [],
        Hint = "Names and details need a login: send one of Operations:Secrets or Operations:Access as Authorization: Bearer SECRET.",
    };
}

/// <summary>
/// The active configuration, and how the files differ from it. Contains paths and places only; the error messages are in the log.
/// </summary>
/// <param name="Version">A hash of settings and templates.</param>
/// <param name="Since">When it became active.</param>
/// <param name="RejectedAt">When changed settings were rejected; null when the settings in the files are active.</param>
/// <param name="Rejected">The paths of the settings with errors.</param>
/// <param name="BrokenTemplates">
/// Template files with an error, with line and column. The last good version of each is active, or the next template in the lookup order.
/// </param>
/// <param name="WaitsForRestart">Changed settings that take effect only after a restart.</param>
internal sealed record ConfigurationReport(
    string Version,
    DateTimeOffset Since,
    DateTimeOffset? RejectedAt,
    IReadOnlyList<string> Rejected,
    IReadOnlyList<string> BrokenTemplates,
    IReadOnlyList<string> WaitsForRestart)
{
    public static ConfigurationReport Of(NotifierConfiguration configuration, ReloadState state) => new(
        configuration.Version,
        configuration.Since,
        state.RejectedAt,
        [.. state.Rejected.Select(PathOf)],
        [.. state.BrokenTemplates.Select(error => error.Location)],
        state.WaitsForRestart);

    // The report is public, and an error message may repeat a secret that was put in the wrong place.
    private static string PathOf(string error) => error.IndexOf(": ", StringComparison.Ordinal) is > 0 and var end ? error[..end] : "";
}
