using DefectNotifier.Events;

namespace DefectNotifier.Tests.Events;

public sealed class EventIdTests
{
    [Fact]
    public void New_Time_IsAUuidOfVersion7WithThatTime()
    {
        var at = new DateTimeOffset(2026, 11, 28, 21, 14, 2, 345, TimeSpan.Zero);

        var id = Guid.ParseExact(EventId.New(at), "N");

        Assert.Equal(7, id.Version);
        Assert.InRange(id.Variant, 8, 11);
        Assert.Equal(at.ToUnixTimeMilliseconds(), Convert.ToInt64(id.ToString("N")[..12], 16));
    }

    [Fact]
    public void New_OneMillisecond_DiffersAndSortsBeforeTheNext()
    {
        var at = DateTimeOffset.UnixEpoch;
        var ids = Enumerable.Range(0, 10_000).Select(_ => EventId.New(at)).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(10_000, ids.Count);
        Assert.All(ids, id => Assert.True(string.CompareOrdinal(id, EventId.New(at.AddMilliseconds(1))) < 0));
    }
}
