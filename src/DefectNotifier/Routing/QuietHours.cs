using DefectNotifier.Events;

namespace DefectNotifier.Routing;

/// <summary>
/// One entry of <c>Routes:N:QuietHours</c>. It begins on each of <see cref="Days"/> at <see cref="From"/> and ends at the next
/// <see cref="To"/>, which may be on the next day.
/// </summary>
public sealed record QuietHoursOptions
{
    /// <summary>The days on which it begins; empty: every day.</summary>
    public IReadOnlyList<DayOfWeek> Days { get; init; } = [];

    /// <summary>The local time at which it begins.</summary>
    public required TimeOnly From { get; init; }

    /// <summary>The local time at which it ends; equal to <see cref="From"/>: a whole day later.</summary>
    public required TimeOnly To { get; init; }

    /// <summary>The name of the time zone; null: UTC.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Severities, by slug, that are sent at once; default <c>blocker</c>.</summary>
    public IReadOnlyList<string> Except { get; init; } = ["blocker"];
}

/// <summary>The quiet hours of a route. Pure.</summary>
/// <param name="options">The entries; overlapping and adjoining ones end with the last.</param>
public sealed class QuietHours(IReadOnlyList<QuietHoursOptions> options)
{
    /// <summary>Limits the search for the end: entries that cover the whole week have none.</summary>
    public static readonly TimeSpan MaxLength = TimeSpan.FromDays(8);

    private readonly Entry[] _entries = [.. options.Select(one => new Entry(one))];

    /// <summary>
    /// When the quiet time that includes this moment ends for this severity; null: it is not quiet. An end <see cref="MaxLength"/> or more
    /// later is only where the search stopped.
    /// </summary>
    /// <param name="at">The moment.</param>
    /// <param name="severity">The severity that counts for the event; null: not known.</param>
    public DateTimeOffset? EndOf(DateTimeOffset at, Severity? severity)
    {
        var end = at;
        while (end - at < MaxLength && LastEndAt(end, severity) is { } next) end = next;
        return end > at ? end : null;
    }

    private DateTimeOffset? LastEndAt(DateTimeOffset at, Severity? severity)
    {
        DateTimeOffset? last = null;
        foreach (var entry in _entries)
            if (entry.EndAt(at, severity) is { } end && !(end <= last)) last = end;
        return last;
    }

    private sealed class Entry(QuietHoursOptions options)
    {
        private readonly LocalClock _clock = new(options.TimeZone is { } id ? TimeZoneInfo.FindSystemTimeZoneById(id) : TimeZoneInfo.Utc);

        // The end of the period that includes this moment; null: none does.
        public DateTimeOffset? EndAt(DateTimeOffset at, Severity? severity)
        {
            if (options.Except.Contains(severity?.Slug, StringComparer.OrdinalIgnoreCase)) return null;
            DateTimeOffset? last = null;
            var today = DateOnly.FromDateTime(_clock.TimeAt(at));
            // A period began at most on the day before. One more day on either side, because clocks may be set across midnight.
            for (var day = today.AddDays(-2); day <= today.AddDays(1); day = day.AddDays(1))
            {
                var isDay = options.Days.Count == 0 || options.Days.Contains(day.DayOfWeek);
                if (isDay && _clock.FirstOf(day.ToDateTime(options.From)) <= at && EndOf(day) is var end && end > at && !(end <= last))
                    last = end;
            }

            return last;
        }

        private DateTimeOffset EndOf(DateOnly day) =>
            _clock.LastOf((options.To > options.From ? day : day.AddDays(1)).ToDateTime(options.To));
    }
}
