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
        _activity.Add(Now - 60, sent: 100, failed: 100);
        _activity.Add(Now - 59, sent: 1, failed: 0);
        _activity.Add(Now - 1, sent: 2, failed: 3);
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
        _activity.Add(Now, sent: 1, failed: 1);

        var hour = _activity.Read(Some.Moment.AddHours(1));

        Assert.Equal((0, 0), (hour.Sent.Sum(), hour.Failed.Sum()));
    }

    [Fact]
    public void Add_ClockSetBackByMoreThanAnHour_ChangesNoLaterMinute()
    {
        _activity.Add(Now, sent: 1, failed: 0);
        _activity.Add(Now - 60, sent: 7, failed: 0);

        Assert.Equal([.. Enumerable.Repeat(0L, 59), 1], _activity.Read(Some.Moment).Sent);
    }

    [Fact]
    public void Add_ClockSetBackWithinTheHour_CountsInItsMinute()
    {
        _activity.Add(Now, sent: 1, failed: 0);
        _activity.Add(Now - 2, sent: 7, failed: 0);

        Assert.Equal([7, 0, 1], _activity.Read(Some.Moment).Sent.TakeLast(3));
    }
}
