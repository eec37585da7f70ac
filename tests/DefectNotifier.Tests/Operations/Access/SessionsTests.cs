using DefectNotifier.Worker.Operations.Access;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Operations.Access;

public sealed class SessionsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Sessions _sessions;

    public SessionsTests() => _sessions = new Sessions(_time);

    [Fact]
    public void Find_OpenSession_ReturnsTheDigestOfItsSecret()
    {
        var (first, second) = (_sessions.Open([1]), _sessions.Open([2]));

        Assert.Equal(43, first.Length);
        Assert.NotEqual(first, second);
        Assert.Equal([1], _sessions.Find(first)!);
        Assert.Equal([2], _sessions.Find(second)!);
        Assert.Null(_sessions.Find(first + "x"));
        Assert.Null(_sessions.Find(""));
    }

    [Fact]
    public void Find_UnusedForTwelveHours_IsOver()
    {
        var token = _sessions.Open([1]);

        _time.Advance(Sessions.IdleTimeout - TimeSpan.FromSeconds(1));
        Assert.NotNull(_sessions.Find(token));
        _time.Advance(Sessions.IdleTimeout - TimeSpan.FromSeconds(1));
        Assert.NotNull(_sessions.Find(token));
        _time.Advance(Sessions.IdleTimeout);
        Assert.Null(_sessions.Find(token));
    }

    [Fact]
    public void Find_OnlyLookedAt_IsNoUse()
    {
        var token = _sessions.Open([1]);

        _time.Advance(Sessions.IdleTimeout - TimeSpan.FromSeconds(1));
        Assert.NotNull(_sessions.Find(token, isUse: false));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(_sessions.Find(token, isUse: false));
    }

    [Fact]
    public void Close_EndsOnlyThatSession()
    {
        var (first, second) = (_sessions.Open([1]), _sessions.Open([1]));

        _sessions.Close(first);

        Assert.Null(_sessions.Find(first));
        Assert.NotNull(_sessions.Find(second));
    }

    [Fact]
    public void Open_OneTooMany_EndsTheOneUnusedForTheLongestTime()
    {
        var tokens = new List<string>();
        for (var count = 0; count < Sessions.Max; count++)
        {
            tokens.Add(_sessions.Open([(byte)count]));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _sessions.Find(tokens[0]);
        tokens.Add(_sessions.Open([3]));

        Assert.Equal([tokens[1]], tokens.Where(token => _sessions.Find(token) is null));
    }

    [Fact]
    public void Open_ManyWithOneSecret_EndsNoSessionOfAnother()
    {
        var other = _sessions.Open([2]);
        var tokens = new List<string>();
        for (var count = 0; count < 2 * Sessions.Max; count++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            tokens.Add(_sessions.Open([1]));
        }

        Assert.NotNull(_sessions.Find(other));
        Assert.Equal(tokens.TakeLast(Sessions.MaxPerSecret), tokens.Where(token => _sessions.Find(token) is not null));
    }
}
