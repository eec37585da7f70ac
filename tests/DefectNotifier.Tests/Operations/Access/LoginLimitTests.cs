using System.Net;
using DefectNotifier.Worker.Operations.Access;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Operations.Access;

public sealed class LoginLimitTests
{
    private static readonly IPAddress Address = IPAddress.Parse("192.0.2.7");

    private readonly FakeTimeProvider _time = new();
    private readonly LoginLimit _limit;

    public LoginLimitTests() => _limit = new LoginLimit(_time);

    [Fact]
    public void WaitOf_FiveWrongWithinAMinute_IsUntilTheFirstIsAMinuteOld()
    {
        for (var count = 0; count < LoginLimit.Tries; count++)
        {
            Assert.Equal(TimeSpan.Zero, _limit.WaitOf(Address));
            _limit.AddWrong(Address);
            _time.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Equal(TimeSpan.FromSeconds(35), _limit.WaitOf(Address));
        Assert.Equal(TimeSpan.FromSeconds(35), _limit.WaitOf(IPAddress.Parse("::ffff:192.0.2.7")));
        Assert.Equal(TimeSpan.Zero, _limit.WaitOf(IPAddress.Loopback));
        _time.Advance(TimeSpan.FromSeconds(35));
        Assert.Equal(TimeSpan.Zero, _limit.WaitOf(Address));
        _limit.AddWrong(Address);
        Assert.Equal(TimeSpan.FromSeconds(5), _limit.WaitOf(Address));
    }

    [Fact]
    public void WaitOf_SameNetworkOfIPv6_IsOneAddress()
    {
        for (var host = 1; host <= LoginLimit.Tries; host++) _limit.AddWrong(IPAddress.Parse($"2001:db8:1:2::{host}"));

        Assert.NotEqual(TimeSpan.Zero, _limit.WaitOf(IPAddress.Parse("2001:db8:1:2::99")));
        Assert.Equal(TimeSpan.Zero, _limit.WaitOf(IPAddress.Parse("2001:db8:1:3::1")));
    }

    [Fact]
    public void AddWrong_FromManyAddresses_ForgetsTheOldest()
    {
        for (var count = 0; count < LoginLimit.Tries; count++) _limit.AddWrong(Address);
        for (var host = 0; host < LoginLimit.MaxAddresses; host++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            _limit.AddWrong(new IPAddress([10, 0, (byte)(host >> 8), (byte)host]));
        }

        Assert.Equal(TimeSpan.Zero, _limit.WaitOf(Address));
    }
}
