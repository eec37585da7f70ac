namespace DefectNotifier.Events;

/// <summary>The statuses that a defect can have, in the words of Qase's API. <see cref="Deleted"/> is ours. Any other text is kept as it came.</summary>
public static class DefectStatus
{
    public const string Open = "open";
    public const string InProgress = "in_progress";
    public const string Resolved = "resolved";
    public const string Invalid = "invalid";
    public const string Deleted = "deleted";

    private static readonly string[] Known = [Open, InProgress, Resolved, Invalid];

    /// <summary>Also reads what Qase shows (<c>In Progress</c>); null for no text.</summary>
    public static string? Parse(string? text)
    {
        if (text is null || Known.Contains(text)) return text;
        return Known.FirstOrDefault(known => string.Equals(known.Replace('_', ' '), text.Trim().Replace('_', ' '), StringComparison.OrdinalIgnoreCase)) ?? text;
    }
}
