using System.Text;

namespace DefectNotifier.Worker.Commands.Replaying;

/// <summary>A replay's outcome for people. Names and lines are anybody's text: each goes out cleaned.</summary>
internal static class ReplayText
{
    public static string Of(ReplayReport report)
    {
        var text = new StringBuilder();
        void Line(string line) => text.AppendLine(TerminalText.Line(line));

        Line($"{report.Events} events were run through the new configuration; nothing was sent.");
        if (report.Unreadable > 0) Line($"{report.Unreadable} of them can't be read as webhooks and are left out.");
        Line("");
        Line(report.Rerouted == 0 ? "Destinations: none would change." : $"Destinations: {report.Rerouted} events would go elsewhere.");
        foreach (var one in report.Routes)
        {
            Line($"  {one.Count} x {one.EventName}{(one.ProjectCode is { } code ? $" of {code}" : "")}, such as {one.Example}");
            foreach (var name in one.Lost) Line($"    - {name}");
            foreach (var name in one.Gained) Line($"    + {name}");
        }

        Line("");
        Line(report.Texts.Count == 0 ? "Texts: none would change." : "Texts that would change:");
        foreach (var one in report.Texts)
        {
            Line($"  {one.EventName} on {one.Platform}{(one.TemplateSet is { } set ? $" with the set {set}" : "")}: {one.Changed} of the {one.Compared} newest{(one.Example.Length > 0 ? $", such as {one.Example}" : "")}");
            foreach (var line in one.Lines) Line("    " + line);
            if (one.Fault is { } fault) Line($"    ! the new template fails with {one.Failed} of them: {fault}");
        }

        if (report.NotListed > 0) Line($"{report.NotListed} differences are of further kinds, which are not listed.");
        return text.ToString();
    }
}
