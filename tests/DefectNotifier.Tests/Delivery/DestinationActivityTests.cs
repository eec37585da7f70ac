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

    // The outbox counts only the latest deliveries, so a long queue hides those that were sent.
    [Theory]
    [InlineData(3, 2, 3)]
    [InlineData(3, 3, 3)]
    [InlineData(3, 5, 5)]
    public void Merge_WithWhatIsKnown_TheHigherNumberOfAMinuteCounts(long known, long stored, long shown)
    {
        _activity.Add(Count(Now - 5, 7, 1));
        _activity.Add(Count(Now, known, known));
        _activity.Waits(5, Some.Moment);

        _activity.Merge(Count(Now, stored, stored));

        var hour = _activity.Read(Some.Moment);
        Assert.Equal([7, 0, 0, 0, 0, shown], hour.Sent.TakeLast(6));
        Assert.Equal([1, 0, 0, 0, 0, shown], hour.Failed.TakeLast(6));
        Assert.Equal(5, hour.Waiting[^1]);
    }

    // The outbox has an outcome before the lane reports it.
    [Fact]
    public void Merge_TheOutboxHasASendBeforeItIsReported_CountsItOnce()
    {
        _activity.Merge(Count(Now, 0, 1));

        _activity.Failed(Some.Moment);

        Assert.Equal(1, _activity.Read(Some.Moment).Failed.Sum());
    }

    private static RecentCount Count(long minute, long sent, long failed) => new("web-qa", minute, sent, failed);
}
