namespace DefectNotifier.Enrichment;

/// <summary>The outcomes as words, for metrics and logs.</summary>
public static class QaseOutcomes
{
    public static string Word(this QaseOutcome outcome) => outcome switch
    {
        QaseOutcome.Ok => "ok",
        QaseOutcome.NotFound => "not-found",
        QaseOutcome.Rejected => "rejected",
        QaseOutcome.Refused => "refused",
        QaseOutcome.RateLimited => "rate-limited",
        QaseOutcome.Failed => "failed",
        QaseOutcome.Unreachable => "unreachable",
        QaseOutcome.Timeout => "timeout",
        _ => "unexpected",
    };

    /// <summary>True when the API works as it should, whatever it said to this one question.</summary>
    internal static bool IsConclusive(this QaseOutcome outcome) => outcome is QaseOutcome.Ok or QaseOutcome.NotFound or QaseOutcome.Rejected;
}
