using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Delivery;

public sealed class DestinationActivityTests
{
    private static readonly long Now = RecentCount.MinuteOf(Some.Moment);

    private readonly DestinationActivity _activity = new();

    [Fact]
    public void Read_SeveralMinutes_ListsTheLast60WithThePresentOneLast()
    {
        _activity.Add(Count(Now - 60, 100, 100));
        _activity.Add(Count(Now - 59, 1, 0));
        _activity.Add(Count(Now - 1, 2, 3));
        _activity.Failed(Some.Moment);
        _activity.Waits(5, Some.Moment);
        _activity.Waits(4, Some.Moment);

        var hour = _activity.Read(Some.Moment);

        Assert.Equal([1, .. Enumerable.Repeat(0L, 57), 2, 0], hour.Sent);
        Assert.Equal([.. Enumerable.Repeat(0L, 58), 3, 1], hour.Failed);
        Assert.Equal([.. Enumerable.Repeat<long?>(null, 59), 5], hour.Waiting);
        Assert.Null(hour.Last);
    }

    [Fact]
    public void Read_AnHourLater_IsEmpty()
    {
        _activity.Add(Count(Now, 1, 1));

        var hour = _activity.Read(Some.Moment.AddHours(1));

        Assert.Equal((0, 0), (hour.Sent.Sum(), hour.Failed.Sum()));
    }

    [Fact]
    public void Add_ClockSetBackByMoreThanAnHour_ChangesNoLaterMinute()
    {
        _activity.Add(Count(Now, 1, 0));
        _activity.Add(Count(Now - 60, 7, 0));

        Assert.Equal([.. Enumerable.Repeat(0L, 59), 1], _activity.Read(Some.Moment).Sent);
    }

    [Fact]
    public void Add_ClockSetBackWithinTheHour_CountsInItsMinute()
    {
        _activity.Add(Count(Now, 1, 0));
        _activity.Add(Count(Now - 2, 7, 0));

        Assert.Equal([7, 0, 1], _activity.Read(Some.Moment).Sent.TakeLast(3));
    }

    [Fact]
    public void Replace_CountsOfSomeMinutes_KeepsNothingElse()
    {
        _activity.Add(Count(Now - 5, 3, 3));
        _activity.Add(Count(Now, 1, 1));
        _activity.Waits(5, Some.Moment);

        _activity.Replace([Count(Now, 2, 0)]);

        var hour = _activity.Read(Some.Moment);
        Assert.Equal([.. Enumerable.Repeat(0L, 59), 2], hour.Sent);
        Assert.Equal(0, hour.Failed.Sum());
        Assert.Equal(5, hour.Waiting[^1]);
    }

    [Fact]
    public void Replace_OfAll_ClearsWhatHasNoCounts()
    {
        var all = new DestinationActivities();
        all.Add([Count(Now, 1, 0)]);

        all.Replace([new RecentCount("mobile-qa", Now, 2, 0)]);

        Assert.Equal(0, all.For("web-qa").Read(Some.Moment).Sent.Sum());
        Assert.Equal(2, all.For("mobile-qa").Read(Some.Moment).Sent.Sum());
    }

    private static RecentCount Count(long minute, long sent, long failed) => new("web-qa", minute, sent, failed);
}
