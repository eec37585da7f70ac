namespace DefectNotifier.Worker.Hosting;

/// <summary>
/// Decides whether only a restart can help: when the writer of the outbox or a lane hangs. A store or a chat that responds with errors is
/// not restarted, because a restart frees no disk and repairs no chat.
/// </summary>
internal sealed class RestartRule(TimeProvider time)
{
    /// <summary>Longer than the longest time between two checks of a slow store.</summary>
    internal static readonly TimeSpan MaxSilence = TimeSpan.FromMinutes(5);

    /// <summary>Longer than a step with the longest timeout: the wait for details, a lookup, and an attempt with its retries.</summary>
    internal static readonly TimeSpan MaxStep = TimeSpan.FromMinutes(30);

    private readonly Dictionary<string, (long Step, long Since)> _working = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Why the service has to be restarted; null: it works. Called every few seconds, always by the same loop.</summary>
    /// <param name="storeSilence">How long the store has not answered, neither with success nor with an error.</param>
    /// <param name="lanes">For each lane a number that changes while it works; null while it waits.</param>
    public string? Check(TimeSpan storeSilence, IReadOnlyList<(string Destination, long? Step)> lanes)
    {
        var now = time.GetTimestamp();
        foreach (var removed in _working.Keys.Except(lanes.Select(lane => lane.Destination), StringComparer.OrdinalIgnoreCase).ToList())
            _working.Remove(removed);

        foreach (var (destination, step) in lanes)
        {
            if (step is not { } current) _working.Remove(destination);
            else if (!_working.TryGetValue(destination, out var before) || before.Step != current) _working[destination] = (current, now);
        }

        if (storeSilence > MaxSilence) return $"the outbox has not responded for {storeSilence.TotalMinutes:0} minutes";
        var hanging = _working.Where(lane => time.GetElapsedTime(lane.Value.Since, now) > MaxStep).Select(lane => lane.Key).Order();
        return hanging.FirstOrDefault() is { } name ? $"{name} has made no progress for {MaxStep.TotalMinutes:0} minutes" : null;
    }
}
