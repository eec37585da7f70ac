using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Operations.Status;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary>What waits in the outbox and why, for an operator who found no dead or held delivery.</summary>
internal static class WaitingText
{
    /// <param name="status">The status of the service, or of the outbox.</param>
    /// <param name="destination">Only this destination; null: all.</param>
    public static IReadOnlyList<TerminalLine> Of(ServiceStatus status, string? destination)
    {
        var lines = new List<string>();
        foreach (var one in status.Destinations.Where(one => IsAsked(one.Name)))
        {
            if (one.Waiting > 0) lines.AddRange(Pending(one, status));
            if (one.Deferred > 0) lines.Add(Deferred(one));
        }

        foreach (var need in status.Needs.Where(need => need.Kind == StatusKinds.NoDestination && IsAsked(need.Destination!)))
            lines.AddRange([$"{need.Title}.", $"  {need.Advice}", $"  Run {NeedCommands.Of(need)}."]);
        if (lines.Count == 0) lines.Add("Nothing waits.");
        lines.Add(status.State == StatusFacts.Stopped ? "The service is not running." : "The service is running.");
        return [.. lines.SelectMany(line => TerminalText.Wrap(TerminalText.Line(line))).Select(line => new TerminalLine(line))];

        bool IsAsked(string name) => destination is null || string.Equals(name, destination, StringComparison.OrdinalIgnoreCase);
    }

    private static IEnumerable<string> Pending(DestinationStatus one, ServiceStatus status)
    {
        var since = one.OldestReceivedAt is { } oldest ? $" since {TimeText.Of(oldest)}" : "";
        var why = one.Meaning is { } meaning ? $": {meaning}" : "";
        var verb = one.Waiting == 1 ? "waits" : "wait";
        yield return $"{EventText.Count(one.Waiting!.Value, "message")} to {one.Name} {verb}{since}{why}.";
        if (one.Advice is { } advice) yield return $"  {advice}";
        yield return one.State switch
        {
            LaneActivity.Stopped when status.State == StatusFacts.Stopped => "  Sending continues when the service starts.",
            LaneActivity.Stopped => "  This destination has stopped: restart the service and report the error in its log.",
            LaneActivity.Running => "  They are sent as fast as the destination's rate limit allows.",
            _ => $"  The next attempt is {(one.Until is { } until ? $"at {TimeText.Of(until)}" : "shortly")}.",
        };
        if (one.State == LaneActivity.Parked) yield return $"  Run outbox resume {one.Name} to try it now.";
    }

    private static string Deferred(DestinationStatus one)
    {
        var until = one.DeferredUntil is { } due ? $" until {TimeText.Of(due)} at the earliest" : "";
        return $"{EventText.Count(one.Deferred!.Value, "message")} to {one.Name} {(one.Deferred == 1 ? "is" : "are")} deferred{until}, "
            + $"by {SendReason.QuietHours.Meaning()} or {SendReason.Silenced.Meaning()}.";
    }
}
