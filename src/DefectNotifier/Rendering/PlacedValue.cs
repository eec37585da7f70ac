namespace DefectNotifier.Rendering;

/// <summary>What a template expression wrote, waiting to be put back at its token.</summary>
/// <param name="Text">The literal text; for a date its wording where the platform has no dates of its own.</param>
/// <param name="Date">The moment, when the value is a date.</param>
internal readonly record struct PlacedValue(string Text, DateTimeOffset? Date = null)
{
    /// <summary>The words, for a template that goes on with them: <c>'Seen ' + (event.time | date)</c>.</summary>
    public override string ToString() => Text;
}
