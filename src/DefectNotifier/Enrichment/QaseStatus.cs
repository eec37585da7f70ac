namespace DefectNotifier.Enrichment;

/// <summary>How it stands with asking a workspace.</summary>
/// <param name="Account">Where the settings have it.</param>
/// <param name="State"><c>asking</c>, <c>waiting</c> (it asked for patience, or is in trouble) or <c>stopped</c> (it refuses the token).</param>
/// <param name="Reason">A <see cref="QaseOutcome"/> as a word; null while all is well.</param>
public sealed record QaseStatus(string Account, string State, string? Reason)
{
    internal static QaseStatus Of(QaseAccount account, AskState state) => new(
        account.Name,
        state.IsStopped ? "stopped" : state.Health == QaseOutcome.Ok ? "asking" : "waiting",
        state.Health == QaseOutcome.Ok ? null : state.Health.Word());
}
