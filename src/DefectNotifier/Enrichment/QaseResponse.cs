using System.Text.Json;

namespace DefectNotifier.Enrichment;

/// <summary>A classified answer.</summary>
/// <param name="Outcome">What it means.</param>
public sealed record QaseResponse(QaseOutcome Outcome)
{
    /// <summary>Of <see cref="QaseOutcome.Ok"/> the object <c>result</c>, else undefined.</summary>
    public JsonElement Result { get; init; }

    /// <summary>How long it asks to wait; null: it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The status, or why there was none; no word of the server's.</summary>
    public string Detail { get; init; } = "";
}
