using DefectNotifier.Worker.Terminal;
using Spectre.Console;

namespace DefectNotifier.Worker.Commands.Replaying;

/// <summary>A replay report as text. External text is cleaned when it is written to the terminal.</summary>
internal static class ReplayText
{
    public static IReadOnlyList<TerminalLine> Of(ReplayReport report)
    {
        var text = new List<TerminalLine>();
        void Line(string line) => text.Add(new TerminalLine(line, StyleOf(line)));

        var events = report.Events == 1 ? "1 event" : $"{report.Events} events";
        Line($"{events} since {report.Since:u} replayed with the new configuration; nothing was sent.");
        if (report.Unreadable > 0) Line($"{report.Unreadable} of them are not valid webhooks and are left out.");
        Line("");
        Line(report.Rerouted == 0
            ? "Destinations: no changes."
            : $"Destinations: {report.Rerouted} events would be sent to other destinations.");
        foreach (var one in report.Routes)
        {
            Line($"  {one.Count} x {one.EventName}{(one.ProjectCode is { } code ? $" of project {code}" : "")}, for example {one.Example}");
            foreach (var name in one.Lost) Line($"    - {name}");
            foreach (var name in one.Gained) Line($"    + {name}");
        }

        Line("");
        Line(report.Texts.Count == 0 ? "Texts: no changes." : "Texts that would change:");
        foreach (var one in report.Texts)
        {
            var set = one.TemplateSet is { } name ? $" with the template set {name}" : "";
            var reply = one.IsReply ? " as a reply" : "";
            var example = one.Example.Length > 0 ? $", for example {one.Example}" : "";
            Line($"  {one.EventName}{reply} on {one.Platform}{set}: {one.Changed} of the {one.Compared} newest{example}");
            foreach (var line in one.Lines) Line("    " + line);
            if (one.Error is { } error) Line($"    ! the new template fails for {one.Failed} of them: {error}");
        }

        if (report.Paces.Count > 0)
        {
            Line("");
            Line("Digests and quiet hours, estimated from the times of arrival:");
            foreach (var one in report.Paces)
            {
                var deferred = one.Deferred > 0 ? $"; quiet hours would defer {one.Deferred} of them" : "";
                var how = $"{one.Alone} on their own and {one.Digested} in {one.Digests} digests";
                Line($"  {one.Destination}: {one.Alone + one.Digested} messages, {how}{deferred}");
            }
        }

        if (report.NotListed > 0) Line($"{report.NotListed} more differences are of other kinds, which are not listed.");
        return text;
    }

    private static Style? StyleOf(string line) => line.TrimStart() switch
    {
        ['-', ' ', ..] or ['!', ' ', ..] => Color.Red,
        ['+', ' ', ..] => Color.Green,
        _ => null,
    };
}
