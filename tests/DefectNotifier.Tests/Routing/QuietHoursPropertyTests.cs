using CsCheck;
using DefectNotifier.Events;
using DefectNotifier.Routing;

namespace DefectNotifier.Tests.Routing;

/// <summary>Quiet hours against a model that looks at what the clocks show in each minute.</summary>
public sealed class QuietHoursPropertyTests
{
    private const int Before = 4 * 1440;
    private const int After = 11 * 1440;

    // With changes of an hour and of half an hour, at midnight, of the standard time in place of the summer time, and of a whole day.
    private static readonly (string? Zone, string Change)[] Changes =
    [
        (null, "2026-03-29T00:00Z"), ("Europe/Berlin", "2026-03-29T01:00Z"), ("Europe/Berlin", "2026-10-25T01:00Z"),
        ("America/New_York", "2026-03-08T07:00Z"), ("America/New_York", "2026-11-01T06:00Z"),
        ("Australia/Lord_Howe", "2026-10-03T15:30Z"), ("Australia/Lord_Howe", "2026-04-04T15:00Z"),
        ("Europe/Dublin", "2026-03-29T01:00Z"), ("Europe/Dublin", "2026-10-25T01:00Z"),
        ("America/Havana", "2026-03-08T05:00Z"), ("America/Havana", "2026-11-01T05:00Z"),
        ("America/St_Johns", "2010-11-07T02:31Z"), ("Pacific/Apia", "2011-12-30T10:00Z"),
    ];

    private static readonly Gen<TimeOnly> Time = Gen.OneOf(
        Gen.Int[0, 24 * 12 - 1].Select(five => new TimeOnly(five / 12, five % 12 * 5)),
        // Around the changes.
        Gen.Int[0, 4 * 12 - 1].Select(five => new TimeOnly(five / 12, five % 12 * 5)));

    private static readonly Gen<QuietHoursOptions[]> Entries = Gen.Select(Gen.Enum<DayOfWeek>().Array[0, 4], Time, Time, Gen.Bool)
        .Select((days, from, to, isBlockerQuiet) => new QuietHoursOptions
        {
            Days = [.. days.Distinct()],
            From = from,
            To = to,
            Except = isBlockerQuiet ? [] : ["blocker"],
        }).Array[1, 4];

    [Fact]
    public void EndOf_AnyEntries_IsWhereTheModelEnds() => Gen.Select(
        Gen.Int[0, Changes.Length - 1], Entries, Gen.Int[-3 * 1440, 3 * 1440], Gen.Bool).Sample((change, entries, minute, isBlocker) =>
    {
        var (zone, changeAt) = Changes[change];
        var at = DateTimeOffset.Parse(changeAt).AddMinutes(minute);
        var severity = isBlocker ? Severity.Blocker : Severity.Minor;
        entries = [.. entries.Select(entry => entry with { TimeZone = zone })];

        var actual = new QuietHours(entries).EndOf(at.AddSeconds(30), severity);

        var expected = ModelOf(at, zone, entries.Where(entry => !entry.Except.Contains(severity.Slug)));
        if (expected is null || expected - at < QuietHours.MaxLength) Assert.Equal(expected, actual);
        else Assert.InRange(actual!.Value, at.Add(QuietHours.MaxLength), expected.Value);
    }, iter: 300);

    // The first minute from "at" on that no entry includes; null: it is that one.
    private static DateTimeOffset? ModelOf(DateTimeOffset at, string? zone, IEnumerable<QuietHoursOptions> entries)
    {
        var clock = TimeZoneInfo.FindSystemTimeZoneById(zone ?? "UTC");
        var minutes = Enumerable.Range(-Before, Before + After).Select(minute => at.AddMinutes(minute));
        DateTime[] shown = [.. minutes.Select(minute => TimeZoneInfo.ConvertTime(minute, clock).DateTime)];
        var isQuiet = new bool[shown.Length];
        foreach (var entry in entries)
        {
            for (var day = DateOnly.FromDateTime(shown[0]).AddDays(2); day < DateOnly.FromDateTime(shown[^1]); day = day.AddDays(1))
            {
                if (entry.Days.Count > 0 && !entry.Days.Contains(day.DayOfWeek)) continue;
                var (from, to) = (day.ToDateTime(entry.From), (entry.To > entry.From ? day : day.AddDays(1)).ToDateTime(entry.To));
                var begin = Array.FindIndex(shown, time => time >= from);
                var end = Array.FindLastIndex(shown, time => time < to) + 1;
                for (var minute = begin; minute < end; minute++) isQuiet[minute] = true;
            }
        }

        var last = Array.IndexOf(isQuiet, false, Before);
        return last == Before ? null : at.AddMinutes((last < 0 ? shown.Length : last) - Before);
    }
}
