using System.Net;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Worker.Http;
using DefectNotifier.Worker.Operations.Access;
using DefectNotifier.Worker.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Operations.Access;

public sealed class OperatorLoginTests
{
    private const string Right = "secret of everyone 1";

    private readonly FakeTimeProvider _time = new();
    private readonly LogLines<OperatorLogin> _log = new();
    private readonly OperatorLogin _login;

    public OperatorLoginTests()
    {
        var secrets = new OperatorSecrets(new NotifierSettings { OperationsSecrets = [new Secret(Right)] });
        _login = new OperatorLogin(() => secrets, new Sessions(_time), new LoginLimit(_time), _log);
    }

    [Fact]
    public void Open_ManyWrongSecrets_AreRefusedWithoutALogLineForAWhile()
    {
        for (var count = 0; count < LoginLimit.Tries; count++) Assert.Equal("wrong-secret", Open("wrong").Problem!.Code);
        for (var count = 0; count < 100; count++)
        {
            var (problem, retryAfter) = Open("wrong");
            Assert.Equal((429, "too-many-tries", "60"), (problem!.Status, problem.Code, retryAfter));
        }

        Assert.Equal(Enumerable.Repeat(506, LoginLimit.Tries), _log.EventIds);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("wrong-secret", Open("wrong").Problem!.Code);
    }

    // Behind a proxy, all browsers have one address.
    [Fact]
    public void Open_RightSecretAfterManyWrongOnes_LogsIn()
    {
        for (var count = 0; count < 100; count++) Open("wrong");

        Assert.Null(Open(Right).Problem);
        Assert.Equal(505, _log.EventIds[^1]);
    }

    private (Problem? Problem, string? RetryAfter) Open(string secret)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse("192.0.2.7");
        context.Request.Host = new HostString("127.0.0.1:8081");
        var (_, problem) = _login.Open(context, secret);
        return (problem, (string?)context.Response.Headers.RetryAfter);
    }
}
