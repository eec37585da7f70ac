using System.Net;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Tests.Outbox;
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
    private readonly ScriptedSessions _sessions;
    private readonly OperatorLogin _login;

    public OperatorLoginTests()
    {
        var secrets = new OperatorSecrets(new NotifierSettings { OperationsSecrets = [new Secret(Right)] });
        _sessions = new ScriptedSessions(_time);
        _login = new OperatorLogin(() => secrets, _sessions, new LoginLimit(_time), _log);
    }

    [Fact]
    public async Task Open_ManyWrongSecrets_AreRefusedWithoutALogLineForAWhile()
    {
        for (var count = 0; count < LoginLimit.Tries; count++) Assert.Equal("wrong-secret", (await OpenAsync("wrong")).Problem!.Code);
        for (var count = 0; count < 100; count++)
        {
            var (problem, retryAfter) = await OpenAsync("wrong");
            Assert.Equal((429, "too-many-tries", "60"), (problem!.Status, problem.Code, retryAfter));
        }

        Assert.Equal(Enumerable.Repeat(506, LoginLimit.Tries), _log.EventIds);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("wrong-secret", (await OpenAsync("wrong")).Problem!.Code);
    }

    // Behind a proxy, all browsers have one address.
    [Fact]
    public async Task Open_RightSecretAfterManyWrongOnes_LogsIn()
    {
        for (var count = 0; count < 100; count++) await OpenAsync("wrong");

        Assert.Null((await OpenAsync(Right)).Problem);
        Assert.Equal(505, _log.EventIds[^1]);
    }

    [Fact]
    public async Task Open_AgainInOneBrowser_EndsItsFormerSession()
    {
        var first = Request();
        await _login.OpenAsync(first, Right);
        var second = Request();
        second.Request.Headers.Cookie = CookieOf(first);
        await _login.OpenAsync(second, Right);

        Assert.Null(await FindAsync(CookieOf(first)));
        Assert.NotNull(await FindAsync(CookieOf(second)));
    }

    // The browser keeps its cookie: as long as it has not been told otherwise, it is logged in.
    [Fact]
    public async Task OpenAndClose_StoreIsAway_ChangeNothing()
    {
        var loggedIn = Request();
        await _login.OpenAsync(loggedIn, Right);
        var (login, logout) = (Request(), Request());
        logout.Request.Headers.Cookie = CookieOf(loggedIn);
        _sessions.Error = new OutboxUnavailableException("gone");

        await Assert.ThrowsAsync<OutboxUnavailableException>(() => _login.OpenAsync(login, Right));
        await Assert.ThrowsAsync<OutboxUnavailableException>(() => _login.CloseAsync(logout));
        Assert.Equal(0, login.Response.Headers.SetCookie.Count);
        Assert.Equal(0, logout.Response.Headers.SetCookie.Count);

        _sessions.Error = null;
        Assert.NotNull(await FindAsync(CookieOf(loggedIn)));
    }

    private static string CookieOf(HttpContext context) => context.Response.Headers.SetCookie.Single()!.Split(';')[0];

    private static DefaultHttpContext Request()
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse("192.0.2.7");
        context.Request.Host = new HostString("127.0.0.1:8081");
        return context;
    }

    private Task<string?> FindAsync(string cookie) =>
        _sessions.FindAsync(new SessionToken(cookie.Split('=', 2)[1]).Hash, isUse: true, TestContext.Current.CancellationToken);

    private async Task<(Problem? Problem, string? RetryAfter)> OpenAsync(string secret)
    {
        var context = Request();
        var (_, problem) = await _login.OpenAsync(context, secret);
        return (problem, (string?)context.Response.Headers.RetryAfter);
    }
}
