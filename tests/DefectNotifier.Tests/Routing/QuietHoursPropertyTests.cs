using CsCheck;
using DefectNotifier.Events;
using DefectNotifier.Routing;

namespace DefectNotifier.Tests.Routing;

/// <summary>Quiet hours against a model that looks at what the clocks show in each minute around a change.</summary>
public sealed class QuietHoursPropertyTests
{
    private const int Day = 24 * 60;
    private const int Before = 7 * Day;
    private const int Length = 22 * Day;

    // Changes of an hour and of half an hour, at midnight and shortly after it, and of a whole day.
    private static readonly (string Zone, DateTimeOffset At)[] Changes =
    [
        Change("UTC", "2026-03-29T00:00Z"), Change("Europe/Berlin", "2026-03-29T01:00Z"), Change("Europe/Berlin", "2026-10-25T01:00Z"),
        Change("America/New_York", "2026-03-08T07:00Z"), Change("America/New_York", "2026-11-01T06:00Z"),
        Change("Australia/Lord_Howe", "2026-10-03T15:30Z"), Change("Australia/Lord_Howe", "2026-04-04T15:00Z"),
        Change("Europe/Dublin", "2026-03-29T01:00Z"), Change("Europe/Dublin", "2026-10-25T01:00Z"),
        Change("America/Havana", "2026-03-08T05:00Z"), Change("America/Havana", "2026-11-01T05:00Z"),
        Change("America/St_Johns", "2010-11-07T02:31Z"), Change("Pacific/Apia", "2011-12-30T10:00Z"),
    ];

    // What the clocks show in each minute, from "Before" the change on.
    private static readonly DateTime[][] Shown =
    [
        .. Changes.Select(change => TimeZoneInfo.FindSystemTimeZoneById(change.Zone)).Select((zone, index) =>
            Enumerable.Range(-Before, Length)
                .Select(minute => TimeZoneInfo.ConvertTime(Changes[index].At.AddMinutes(minute), zone).DateTime).ToArray()),
    ];

    // Half of the times and of the moments are close to the change.
    private static readonly Gen<TimeOnly> Time = Gen.OneOf(Gen.Int[0, Day / 5 - 1], Gen.Int[0, 36])
        .Select(five => new TimeOnly(five / 12, five % 12 * 5));

    private static readonly Gen<int> Moment = Gen.OneOf(Gen.Int[-150, 150], Gen.Int[-3 * Day, 3 * Day]);

    private static readonly Gen<QuietHoursOptions[]> Entries = Gen.Select(Gen.Enum<DayOfWeek>().Array[0, 4], Time, Time, Gen.Bool)
        .Select((days, from, to, isBlockerQuiet) => new QuietHoursOptions
        {
            Days = [.. days.Distinct()],
            From = from,
            To = to,
            Except = isBlockerQuiet ? [] : ["blocker"],
        }).Array[1, 3];

    [Fact]
    public void EndOf_AnyEntries_IsWhereTheModelEnds() =>
        Gen.Select(Gen.Int[0, Changes.Length - 1], Entries, Moment, Gen.Bool).Sample(
            (change, entries, minute, isBlocker) =>
            {
                var at = Changes[change].At.AddMinutes(minute);
                var severity = isBlocker ? Severity.Blocker : Severity.Minor;

                var actual = new QuietHours([.. entries.Select(entry => entry with { TimeZone = Changes[change].Zone })])
                    .EndOf(at.AddSeconds(30), severity);

                var isQuiet = ModelOf(Shown[change], entries.Where(entry => !entry.Except.Contains(severity.Slug)));
                var now = Before + minute;
                var end = Array.IndexOf(isQuiet, false, now);
                if (end == now) Assert.Null(actual);
                else if (end >= 0 && end - now < QuietHours.MaxLength.TotalMinutes) Assert.Equal(at.AddMinutes(end - now), actual);
                else Assert.True(actual >= at + QuietHours.MaxLength);
            },
            iter: 2000);

    private static (string Zone, DateTimeOffset At) Change(string zone, string at) => (zone, DateTimeOffset.Parse(at));

    // Whether each minute is quiet.
    private static bool[] ModelOf(DateTime[] shown, IEnumerable<QuietHoursOptions> entries)
    {
        var isQuiet = new bool[shown.Length];
        foreach (var entry in entries)
        {
            // A period lies in the five days around the beginning of its day, however the clocks are set.
            for (var start = 2 * Day; start < shown.Length - 3 * Day; start += Day)
            {
                var day = DateOnly.FromDateTime(shown[2 * Day]).AddDays(start / Day - 2);
                if (entry.Days.Count > 0 && !entry.Days.Contains(day.DayOfWeek)) continue;
                var (from, to) = (day.ToDateTime(entry.From), (entry.To > entry.From ? day : day.AddDays(1)).ToDateTime(entry.To));
                var begin = Array.FindIndex(shown, start - 2 * Day, 5 * Day, time => time >= from);
                var last = Array.FindLastIndex(shown, start + 3 * Day - 1, 5 * Day, time => time <= to);
                // The last minute that shows the time, or the one after a minute before it, when the time is skipped.
                var end = shown[last] == to ? last : last + 1;
                for (var minute = begin; minute < end; minute++) isQuiet[minute] = true;
            }
        }

        return isQuiet;
    }
}
