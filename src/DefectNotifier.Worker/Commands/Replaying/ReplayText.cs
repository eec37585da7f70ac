using DefectNotifier.Worker.Terminal;
using Spectre.Console;

namespace DefectNotifier.Worker.Commands.Replaying;

/// <summary>A replay's outcome for people. Not cleaned: the terminal does that.</summary>
internal static class ReplayText
{
    public static IReadOnlyList<TerminalLine> Of(ReplayReport report)
    {
        var text = new List<TerminalLine>();
        void Line(string line) => text.Add(new TerminalLine(line, StyleOf(line)));

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
            if (one.Error is { } error) Line($"    ! the new template fails with {one.Failed} of them: {error}");
        }

        if (report.NotListed > 0) Line($"{report.NotListed} differences are of further kinds, which are not listed.");
        return text;
    }

    private static Style? StyleOf(string line) => line.TrimStart() switch
    {
        ['-', ' ', ..] or ['!', ' ', ..] => Color.Red,
        ['+', ' ', ..] => Color.Green,
        _ => null,
    };
}
