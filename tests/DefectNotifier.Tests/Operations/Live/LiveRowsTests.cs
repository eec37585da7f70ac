using System.Text;
using System.Text.RegularExpressions;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;
using DefectNotifier.Worker.Operations.Live;
using DefectNotifier.Worker.Operations.Status;

namespace DefectNotifier.Tests.Operations.Live;

/// <summary>Which events a frame lists and counts.</summary>
public sealed partial class LiveRowsTests : ILiveJson
{
    private readonly LiveRows _rows;

    public LiveRowsTests() => _rows = new LiveRows(this);

    byte[] ILiveJson.Write(ServiceStatus status) => [];

    byte[] ILiveJson.Write(ConfigurationReport configuration) => [];

    byte[] ILiveJson.Write(EventSummary summary) => Encoding.UTF8.GetBytes($"{{{summary.Sequence}:{summary.Title}}}");

    [Fact]
    public void Advance_NothingChanged_HasNoFrame()
    {
        _rows.Advance(Rows(1, 3));

        Assert.Null(_rows.Advance(Rows(1, 3)));
        Assert.Null(new LiveRows(this).Advance([]));
    }

    [Fact]
    public void Advance_NewAndChanged_AreListedNewestFirst()
    {
        _rows.Advance(Rows(1, 3));

        var frame = _rows.Advance([Row(5), Row(4), Row(3), Row(2, "changed"), Row(1)]);

        Assert.Equal("event: events\nid: 5\ndata: {\"events\":[{5:},{4:},{2:changed}],\"more\":0}\n\n", Encoding.UTF8.GetString(frame!));
        Assert.Null(_rows.Advance([Row(5), Row(4), Row(3), Row(2, "changed"), Row(1)]));
    }

    [Fact]
    public void Advance_ABurst_ListsTwentyAndCountsTheRestOnce()
    {
        _rows.Advance(Rows(1, 3));

        Assert.Equal(Text(Numbers(84, 103), 80), Read(_rows.Advance(Rows(54, 103))));
        Assert.Null(_rows.Advance(Rows(54, 103)));
        Assert.Equal(Text(Numbers(104, 104), 0), Read(_rows.Advance(Rows(55, 104))));
    }

    // The next frame lists the others.
    [Fact]
    public void Advance_ManyChanges_AreListedOneAfterTheOther()
    {
        _rows.Advance(Rows(1, 50));
        var changed = Rows(1, 50).Select(row => row with { Title = "sent" }).ToList();

        Assert.Equal(Text(Numbers(31, 50), 0), Read(_rows.Advance(changed)));
        Assert.Equal(Text(Numbers(11, 30), 0), Read(_rows.Advance(changed)));
        Assert.Equal(Text(Numbers(1, 10), 0), Read(_rows.Advance(changed)));
        Assert.Null(_rows.Advance(changed));
    }

    [Theory]
    [InlineData(null, false, 31, 50, 0)]
    [InlineData(48L, true, 49, 50, 0)]
    [InlineData(10L, true, 31, 50, 20)]
    public void Welcome_AClient_GetsWhatItDoesNotHave(long? last, bool isResumed, int first, int newest, long more)
    {
        _rows.Advance(Rows(1, 50));

        Assert.Equal(Text(Numbers(first, newest), more), Read(_rows.Welcome(Client(last, isResumed))));
    }

    [Fact]
    public void Welcome_AClientThatHasEverything_HasNoFrame()
    {
        Assert.Null(_rows.Welcome(Client(null, isResumed: false)));
        Assert.Null(_rows.Welcome(Client(0, isResumed: true)));
        _rows.Advance(Rows(1, 50));
        Assert.Null(_rows.Welcome(Client(50, isResumed: true)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1051L)]
    [InlineData(49L)]
    public void Welcome_AnIdThatIsUnknownOrTooOld_IsAReset(long? last)
    {
        _rows.Advance(Rows(1001, 1050));

        Assert.Equal("event: reset\nid: 1050\ndata: {}\n\n", Encoding.UTF8.GetString(_rows.Welcome(Client(last, isResumed: true))!));
    }

    private static LiveClient Client(long? last, bool isResumed) => new(sender: null, last, isResumed, () => { });

    private static EventSummary Row(long sequence, string title = "") =>
        new(sequence, "", "", "defect.created", null, null, Some.Moment, IsUnrouted: false, []) { Title = title };

    private static IReadOnlyList<EventSummary> Rows(int first, int last) => [.. Numbers(first, last).Select(number => Row(number))];

    private static IReadOnlyList<long> Numbers(int first, int last) =>
        [.. Enumerable.Range(first, last - first + 1).Reverse().Select(number => (long)number)];

    private static string Text(IEnumerable<long> listed, long more) => $"{string.Join(' ', listed)} more {more}";

    private static string Read(byte[]? frame)
    {
        var text = Encoding.UTF8.GetString(frame!);
        var listed = Listed().Matches(text).Select(match => match.Groups["number"].Value);
        return $"{string.Join(' ', listed)} more {More().Match(text).Groups["n"]}";
    }

    [GeneratedRegex(@"\{(?<number>\d+):")]
    private static partial Regex Listed();

    [GeneratedRegex(@"""more"":(?<n>\d+)")]
    private static partial Regex More();
}
