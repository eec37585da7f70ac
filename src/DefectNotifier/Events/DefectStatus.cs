namespace DefectNotifier.Events;

/// <summary>
/// The statuses of a defect, as Qase's API writes them; <see cref="Deleted"/> is our own. Any other text is kept as received.
/// </summary>
public static class DefectStatus
{
    public const string Open = "open";
    public const string InProgress = "in_progress";
    public const string Resolved = "resolved";
    public const string Invalid = "invalid";
    public const string Deleted = "deleted";

    private static readonly string[] Known = [Open, InProgress, Resolved, Invalid];

    /// <summary>Also reads what Qase's pages show (<c>In Progress</c>). Null for null.</summary>
    public static string? Parse(string? text)
    {
        if (text is null || Known.Contains(text)) return text;
        var slug = text.Trim().Replace(' ', '_');
        return Known.FirstOrDefault(known => string.Equals(known, slug, StringComparison.OrdinalIgnoreCase)) ?? text;
    }
}
