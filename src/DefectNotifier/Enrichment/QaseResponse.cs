using System.Text.Json;

namespace DefectNotifier.Enrichment;

/// <summary>A response with its meaning: see <see cref="QaseResponses"/>.</summary>
/// <param name="Outcome">Its meaning.</param>
public sealed record QaseResponse(QaseOutcome Outcome)
{
    /// <summary>For <see cref="QaseOutcome.Ok"/> the object <c>result</c>, else undefined.</summary>
    public JsonElement Result { get; init; }

    /// <summary>How long the server asks to wait; null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The status, or why there was no response. Contains no text of the server.</summary>
    public string Detail { get; init; } = "";
}

/// <summary>What a response of Qase's API means for its request and for later ones.</summary>
public enum QaseOutcome
{
    /// <summary>It has the result.</summary>
    Ok,

    /// <summary>The object does not exist: do not request it again.</summary>
    NotFound,

    /// <summary>The request is invalid and would be invalid again.</summary>
    Rejected,

    /// <summary>The token is invalid or lacks the permission: do not use it any more.</summary>
    Refused,

    /// <summary>The workspace has used its request quota, by any of its clients: try later.</summary>
    RateLimited,

    /// <summary>A server error.</summary>
    Failed,

    /// <summary>No connection, or it broke.</summary>
    Unreachable,

    /// <summary>No response in time.</summary>
    Timeout,

    /// <summary>Not a response of Qase: a redirect, the page of a proxy, JSON of another shape.</summary>
    Unexpected,
}

/// <summary>The words for <see cref="QaseOutcome"/>.</summary>
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
        QaseOutcome.Unexpected => "unexpected",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, message: null),
    };

    /// <summary>The outcome of a word; null for null and for a word of a later version.</summary>
    public static QaseOutcome? Parse(string? word)
    {
        foreach (var outcome in Enum.GetValues<QaseOutcome>())
            if (outcome.Word() == word) return outcome;
        return null;
    }

    /// <summary>True when the API works, even if it has no result for this request.</summary>
    internal static bool IsConclusive(this QaseOutcome outcome) =>
        outcome is QaseOutcome.Ok or QaseOutcome.NotFound or QaseOutcome.Rejected;
}
