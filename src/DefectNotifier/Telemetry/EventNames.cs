using System.Collections.Frozen;

namespace DefectNotifier.Telemetry;

/// <summary>The event names that Qase documents. Metrics count all other names as <c>other</c>.</summary>
public static class EventNames
{
    private static readonly FrozenSet<string> Names = new (string Family, string Actions)[]
    {
        ("defect", "created updated resolved deleted"),
        ("case", "created updated deleted cloned"),
        ("suite", "created updated deleted cloned"),
        ("plan", "created updated deleted"),
        ("run", "started updated completed aborted deleted report_changed"),
        ("milestone", "created updated deleted"),
        ("shared_step", "created updated deleted"),
        ("custom_field", "created updated deleted"),
        ("review", "created updated deleted commented merged declined reopened approval_status_changed reviewer_added reviewer_removed"),
        ("result", "created updated deleted"),
    }.SelectMany(entry => entry.Actions.Split(' ').Select(action => $"{entry.Family}.{action}"))
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static IReadOnlyCollection<string> Known => Names;

    internal static string Bounded(string name) => Names.TryGetValue(name, out var known) ? known : "other";
}
