namespace DefectNotifier.Routing;

/// <summary>
/// The moments at which the clocks of a time zone show a time. When the clocks are set back, they show it twice. When they are set forward,
/// they skip it, and the moment of the change counts. Pure.
/// </summary>
/// <param name="zone">The zone. Only offsets at UTC moments are used: they are never ambiguous.</param>
internal sealed class LocalClock(TimeZoneInfo zone)
{
    // More than the largest offset, and much less than the time between two changes.
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>What the clocks show.</summary>
    public DateTime TimeAt(DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, zone).DateTime;

    /// <summary>When the clocks show this time first.</summary>
    public DateTimeOffset FirstOf(DateTime time) => MomentOf(time, isFirst: true);

    /// <summary>When the clocks show this time last.</summary>
    public DateTimeOffset LastOf(DateTime time) => MomentOf(time, isFirst: false);

    private DateTimeOffset MomentOf(DateTime time, bool isFirst)
    {
        var utc = new DateTimeOffset(time, TimeSpan.Zero);
        var (before, after) = (zone.GetUtcOffset(utc - Day), zone.GetUtcOffset(utc + Day));
        var (earlier, later) = (utc - before, utc - after);
        return (zone.GetUtcOffset(earlier) == before, zone.GetUtcOffset(later) == after) switch
        {
            (true, true) => isFirst ? earlier : later,
            (true, false) => earlier,
            (false, true) => later,
            _ => ChangeBetween(later, earlier, before),
        };
    }

    // The first moment without the offset that the zone has at "from".
    private DateTimeOffset ChangeBetween(DateTimeOffset from, DateTimeOffset to, TimeSpan before)
    {
        while (to - from > TimeSpan.FromTicks(1))
        {
            var middle = from + (to - from) / 2;
            if (zone.GetUtcOffset(middle) == before) from = middle;
            else to = middle;
        }

        return to;
    }
}
