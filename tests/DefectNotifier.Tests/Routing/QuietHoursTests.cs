using System.Globalization;
using DefectNotifier.Events;
using DefectNotifier.Routing;
using static System.DayOfWeek;

namespace DefectNotifier.Tests.Routing;

/// <summary>Quiet hours over days, weeks, time zones and both changes of the clocks. Moments are in UTC.</summary>
public sealed class QuietHoursTests
{
    private const string Berlin = "Europe/Berlin";
    private const string NewYork = "America/New_York";
    private const string LordHowe = "Australia/Lord_Howe";

    [Theory]
    [InlineData("2026-03-10 21:59:59", null)]
    [InlineData("2026-03-10 22:00", "2026-03-11 07:00")]
    [InlineData("2026-03-11 06:59:59", "2026-03-11 07:00")]
    [InlineData("2026-03-11 07:00", null)]
    public void EndOf_Night_BeginsAndEndsOnTheMinute(string at, string? end) =>
        Assert.Equal(end, EndOf(at, Night(zone: null)));

    // 2026-03-13 is a Friday.
    [Theory]
    [InlineData("2026-03-13 22:30", "2026-03-14 07:00")]
    [InlineData("2026-03-14 06:00", "2026-03-14 07:00")]
    [InlineData("2026-03-14 22:30", null)]
    [InlineData("2026-03-13 06:00", null)]
    public void EndOf_OneDay_IsTheDayOnWhichItBegins(string at, string? end) =>
        Assert.Equal(end, EndOf(at, Night(zone: null) with { Days = [Friday] }));

    // The days are 24 hours apart in UTC: Kiritimati is 14 hours ahead, Honolulu 10 hours behind.
    [Theory]
    [InlineData("Pacific/Kiritimati", Friday, "2026-03-13 17:00")]
    [InlineData("Pacific/Honolulu", Wednesday, "2026-03-12 17:00")]
    public void EndOf_DayOfAnotherZone_IsTheLocalDay(string zone, DayOfWeek day, string end) => Assert.Equal(
        end,
        EndOf(end.Replace("17:00", "09:00", StringComparison.Ordinal), Night(zone) with { Days = [day] }));

    [Theory]
    [InlineData("2026-03-14 09:00", "2026-03-15 09:00")]
    [InlineData("2026-03-15 08:59", "2026-03-15 09:00")]
    [InlineData("2026-03-15 09:00", null)]
    public void EndOf_FromEqualsTo_IsAWholeDay(string at, string? end) =>
        Assert.Equal(end, EndOf(at, Entry("09:00", "09:00", zone: null, Saturday)));

    [Theory]
    [InlineData("blocker", null)]
    [InlineData("critical", "2026-03-11 07:00")]
    [InlineData(null, "2026-03-11 07:00")]
    [InlineData("workspace-own", "2026-03-11 07:00")]
    public void EndOf_Except_IsNotQuiet(string? severity, string? end) =>
        Assert.Equal(end, EndOf("2026-03-11 00:00", Severity.Parse(severity), Night(zone: null)));

    [Fact]
    public void EndOf_ExceptOfOneEntry_LeavesTheOthers()
    {
        QuietHoursOptions[] entries = [Night(zone: null), Entry("00:00", "03:00", zone: null) with { Except = [] }];

        Assert.Equal("2026-03-11 03:00", EndOf("2026-03-11 00:30", Severity.Blocker, entries));
        Assert.Equal("2026-03-11 07:00", EndOf("2026-03-11 00:30", Severity.Minor, entries));
    }

    // Friday night, the weekend day by day, and Monday until nine, across two zones.
    [Fact]
    public void EndOf_OverlappingAndAdjoiningEntries_EndWithTheLast()
    {
        QuietHoursOptions[] entries =
        [
            Entry("18:00", "02:00", Berlin, Friday),
            Entry("00:00", "00:00", Berlin, Saturday, Sunday),
            Entry("23:00", "09:00", zone: null, Sunday),
        ];

        Assert.Equal("2026-03-16 09:00", EndOf("2026-03-13 17:00", entries));
        Assert.Null(EndOf("2026-03-13 16:59", entries));
    }

    [Fact]
    public void EndOf_TheWholeWeek_IsAboutEightDaysLater()
    {
        var end = EndOf("2026-03-13 17:00", Entry("00:00", "00:00", Berlin));

        Assert.Equal("2026-03-21 23:00", end);
    }

    // Berlin, 2026-03-29: 02:00 becomes 03:00, at 01:00 UTC.
    [Theory]
    [InlineData("22:00", "07:00", "2026-03-28 21:00", "2026-03-29 05:00")]
    [InlineData("02:30", "06:00", "2026-03-29 01:00", "2026-03-29 04:00")]
    [InlineData("23:00", "02:30", "2026-03-28 22:00", "2026-03-29 01:00")]
    [InlineData("02:30", "02:30", "2026-03-29 01:00", "2026-03-30 00:30")]
    public void EndOf_ClocksSetForward_SkippedTimesAreTheMomentOfTheChange(string from, string to, string begin, string end) =>
        Covers(Entry(from, to, Berlin, Saturday, Sunday) with { Days = [DayOf(begin, Berlin)] }, begin, end);

    // A period of times that do not exist.
    [Fact]
    public void EndOf_OnlySkippedTimes_IsNotQuiet() => Assert.Null(EndOf("2026-03-29 01:00", Entry("02:10", "02:50", Berlin)));

    // Berlin, 2026-10-25: 03:00 becomes 02:00, at 01:00 UTC.
    [Theory]
    [InlineData("22:00", "07:00", "2026-10-24 20:00", "2026-10-25 06:00")]
    [InlineData("02:30", "06:00", "2026-10-25 00:30", "2026-10-25 05:00")]
    [InlineData("23:00", "02:30", "2026-10-24 21:00", "2026-10-25 01:30")]
    [InlineData("02:10", "02:20", "2026-10-25 00:10", "2026-10-25 01:20")]
    public void EndOf_ClocksSetBack_BeginsWithTheFirstAndEndsWithTheLast(string from, string to, string begin, string end) =>
        Covers(Entry(from, to, Berlin, DayOf(begin, Berlin)), begin, end);

    // New York: 2026-03-08 at 07:00 UTC, 2026-11-01 at 06:00 UTC. Lord Howe, by half an hour: 2026-10-03 at 15:30, 2026-04-04 at 15:00 UTC.
    [Theory]
    [InlineData(NewYork, "02:30", "05:00", "2026-03-08 07:00", "2026-03-08 09:00")]
    [InlineData(NewYork, "21:00", "02:15", "2026-03-08 02:00", "2026-03-08 07:00")]
    [InlineData(NewYork, "01:30", "05:00", "2026-11-01 05:30", "2026-11-01 10:00")]
    [InlineData(NewYork, "21:00", "01:15", "2026-11-01 01:00", "2026-11-01 06:15")]
    [InlineData(LordHowe, "02:15", "05:00", "2026-10-03 15:30", "2026-10-03 18:00")]
    [InlineData(LordHowe, "21:00", "02:15", "2026-10-03 10:30", "2026-10-03 15:30")]
    [InlineData(LordHowe, "01:45", "05:00", "2026-04-04 14:45", "2026-04-04 18:30")]
    [InlineData(LordHowe, "21:00", "01:45", "2026-04-04 10:00", "2026-04-04 15:15")]
    public void EndOf_ClocksOfOtherZones_AreFollowed(string zone, string from, string to, string begin, string end) =>
        Covers(Entry(from, to, zone, DayOf(begin, zone)), begin, end);

    // St. John's, 2010-11-07: one minute after midnight it was 23:01 of the day before.
    [Theory]
    [InlineData("23:30", "23:30", Friday, "2010-11-07 02:30", "2010-11-07 03:00")]
    [InlineData("00:00", "05:00", Sunday, "2010-11-07 02:35", "2010-11-07 08:30")]
    public void EndOf_ClocksSetAcrossMidnight_FindsTheDay(string from, string to, DayOfWeek day, string at, string end) =>
        Assert.Equal(end, EndOf(at, Entry(from, to, "America/St_Johns", day)));

    [Fact]
    public void EndOf_MomentWithAnOffset_IsTheSameMoment() => Assert.Equal(
        new DateTimeOffset(2026, 3, 11, 7, 0, 0, TimeSpan.Zero),
        new QuietHours([Night(zone: null)]).EndOf(new DateTimeOffset(2026, 3, 11, 2, 0, 0, TimeSpan.FromHours(3)), severity: null));

    [Fact]
    public void EndOf_NoEntries_IsNotQuiet() => Assert.Null(EndOf("2026-03-11 00:00"));

    private static void Covers(QuietHoursOptions entry, string begin, string end)
    {
        Assert.Null(EndOf(Text(Moment(begin).AddSeconds(-1)), entry));
        Assert.Equal(end, EndOf(begin, entry));
        Assert.Equal(end, EndOf(Text(Moment(end).AddSeconds(-1)), entry));
        Assert.Null(EndOf(end, entry));
    }

    private static QuietHoursOptions Night(string? zone) => Entry("22:00", "07:00", zone);

    private static QuietHoursOptions Entry(string from, string to, string? zone, params DayOfWeek[] days) => new()
    {
        Days = days,
        From = TimeOnly.Parse(from, CultureInfo.InvariantCulture),
        To = TimeOnly.Parse(to, CultureInfo.InvariantCulture),
        TimeZone = zone,
    };

    private static DayOfWeek DayOf(string moment, string zone) =>
        TimeZoneInfo.ConvertTimeBySystemTimeZoneId(Moment(moment), zone).DayOfWeek;

    private static string? EndOf(string at, params QuietHoursOptions[] entries) => EndOf(at, severity: null, entries);

    private static string? EndOf(string at, Severity? severity, params QuietHoursOptions[] entries) =>
        new QuietHours(entries).EndOf(Moment(at), severity) is { } end ? Text(end) : null;

    private static DateTimeOffset Moment(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static string Text(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString(moment.Second == 0 ? "yyyy-MM-dd HH:mm" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
