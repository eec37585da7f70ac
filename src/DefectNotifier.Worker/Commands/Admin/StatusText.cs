using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Operations.Status;
using DefectNotifier.Worker.Terminal;
using Spectre.Console;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary>The status on one screen: the result first, then what needs a person, the destinations, and the rest.</summary>
internal static class StatusText
{
    private static readonly string[] Titles =
        ["DESTINATION", "STATE", "REASON", "WAITING", "OLDEST", "NEXT TRY", "DEAD", "HELD", "SENT 1 H"];

    /// <summary>The headline, what needs a person, and the notes.</summary>
    public static IReadOnlyList<TerminalLine> Head(ServiceStatus status)
    {
        var lines = new Lines();
        lines.Add(status.Headline, (status.Needs.Count > 0 ? TerminalStyle.Bad : TerminalStyle.Good).Decoration(Decoration.Bold));
        foreach (var need in status.Needs)
        {
            // The headline says it already.
            if (need.Kind is not (StatusKinds.Service or StatusKinds.Store)) lines.AddTitle(need, TerminalStyle.Bad);
            lines.Add(need);
        }

        if (status.Notes.Count > 0)
        {
            lines.Add("");
            lines.Add("Good to know:");
        }

        foreach (var note in status.Notes)
        {
            lines.AddTitle(note, TerminalStyle.Doubtful);
            lines.Add(note);
        }

        lines.Add("");
        return lines.All;
    }

    /// <summary>One row for each destination.</summary>
    public static TextTable Destinations(ServiceStatus status)
    {
        var table = new TextTable(Titles) { Flexible = ["DESTINATION", "STATE", "REASON"] };
        foreach (var one in status.Destinations)
        {
            var state = status.State == StatusFacts.Unreachable && one.Node is null ? "?" : one.State.ToString().ToLowerInvariant();
            if (one.Node is { } node) state += $" at {node}";
            table.Add(
                StyleOf(one.State),
                one.Name, state, one.Reason?.Word(), one.Waiting?.ToString() ?? "?",
                AgeOf(one.OldestReceivedAt, status.At), one.Until is { } until ? TimeText.Short(until) : null, one.Dead?.ToString() ?? "?",
                one.Held?.ToString() ?? "?", one.SentLastHour?.Sum().ToString());
        }

        return table;
    }

    /// <summary>One row for each node.</summary>
    public static TextTable Nodes(ServiceStatus status)
    {
        var table = new TextTable(["NODE", "VERSION", "CONFIGURATION", "STARTED", "CLOCK", "LEASE", "WORKS ON"])
        {
            Flexible = ["NODE", "WORKS ON"],
        };
        foreach (var node in status.Nodes)
        {
            table.Add(
                node.IsKnown ? TerminalStyle.Good : TerminalStyle.Doubtful,
                node.IsThis ? $"{node.Name} (asked)" : node.Name, node.Version, node.Configuration, TimeText.Short(node.StartedAt),
                $"{node.ClockAheadMilliseconds / 1000.0:+0.0;-0.0;0.0} s",
                node.IsKnown ? $"{node.LeaseLeftMilliseconds / 1000.0:0} s" : "?",
                node.Holds.Count == 0 ? "nothing" : string.Join(", ", node.Holds.OrderBy(IsDuty)));
        }

        return table;
    }

    /// <summary>The store, the configuration and the silences.</summary>
    public static IReadOnlyList<TerminalLine> Foot(ServiceStatus status)
    {
        var lines = new Lines();
        lines.Add("");
        if (status.StartedAt is { } started)
            lines.Add($"DefectNotifier {status.Version}, started {TimeText.Of(started)}; outbox {status.Outbox}, {status.Store}");
        else lines.Add($"Outbox {status.Outbox}");
        if (status.Configuration is { } configuration)
            lines.Add($"Configuration {configuration.Version}, active since {TimeText.Of(configuration.Since)}");
        if (status.Nodes.Count > 0)
        {
            var names = string.Join(", ", status.Nodes.Select(node => $"{node.Name} ({Works(node)})"));
            lines.Add(status.Nodes.Any(node => node.IsKnown)
                ? $"Nodes: {names}; outbox nodes shows more."
                : $"Nodes, before the database stopped responding: {names}.");
        }

        if (status.Silences.Count > 0)
            lines.Add($"{EventText.Count(status.Silences.Count, "silence")} active or planned; run silence list to see them.");
        return lines.All;
    }

    private static string Works(NodeStatus node) => EventText.Count(node.Holds.Count(name => !IsDuty(name)), "destination");

    private static bool IsDuty(string name) => name[0] == Claim.DutyPrefix;

    private static string? AgeOf(DateTimeOffset? since, DateTimeOffset now) => since is { } at ? TimeText.Of(now - at) : null;

    private static Style StyleOf(LaneActivity state) => state switch
    {
        LaneActivity.Running => TerminalStyle.Good,
        LaneActivity.Waiting => TerminalStyle.Doubtful,
        LaneActivity.Parked => TerminalStyle.Bad,
        _ => TerminalStyle.Subtle,
    };

    private sealed class Lines
    {
        private readonly List<TerminalLine> _lines = [];

        public IReadOnlyList<TerminalLine> All => _lines;

        public void Add(string line, Style? style = null) =>
            _lines.AddRange(TerminalText.Wrap(TerminalText.Line(line)).Select(part => new TerminalLine(part, style)));

        public void AddTitle(StatusItem item, Style style)
        {
            Add("");
            Add($"{item.Title}.", style);
        }

        public void Add(StatusItem item)
        {
            if (item.Advice is { } advice) Add($"  {advice}");
            if (item.Detail is { } detail) Add($"  {detail}");
            string?[] times =
            [
                item is { Kind: StatusKinds.Parked or StatusKinds.Failing, Count: { } count } ? Waiting(count) : null,
                item.Since is { } since ? $"{SinceWords(item)} {TimeText.Of(since)}" : null,
                item.NextAttempt is { } next ? $"{NextWords(item)} at {TimeText.Of(next)}" : null,
            ];
            if (times.Any(time => time is not null)) Add($"  {string.Join(", ", times.OfType<string>())}");
            if (NeedCommands.Of(item) is { } command) Add($"  Run {command}.");
        }

        private static string Waiting(long count) => $"{EventText.Count(count, "message")} waiting";

        // The time of several failed deliveries, or of events without a route, is that of the latest one.
        private static string SinceWords(StatusItem item) =>
            item is { Kind: StatusKinds.Dead or StatusKinds.Held or StatusKinds.Unrouted, Count: > 1 } ? "the latest at" : "since";

        private static string NextWords(StatusItem item) => item.Kind switch
        {
            StatusKinds.Storm => "caught up",
            StatusKinds.Deferred => "the first is sent",
            _ => "next attempt",
        };
    }
}
