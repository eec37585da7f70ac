using System.Net;
using System.Text.Json.Nodes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Tests.Outbox;
using DefectNotifier.Worker.Http;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Operations.Access;
using DefectNotifier.Worker.Settings;
using Microsoft.AspNetCore.Http;

namespace DefectNotifier.Tests.Operations;

public sealed class OperationsGuardTests
{
    private readonly LogLines<OperationsGuard> _log = new();
    private readonly DefaultHttpContext _context = new();
    private readonly ScriptedSessions _sessions = new(TimeProvider.System);
    private NotifierSettings _settings = new();

    public OperationsGuardTests()
    {
        _context.Request.Method = "GET";
        _context.Request.Path = "/events";
        _context.Connection.LocalIpAddress = IPAddress.Loopback;
        _context.Request.Host = new HostString("localhost");
        _context.Response.Body = new MemoryStream();
    }

    [Fact]
    public async Task InvokeAsync_HandlerThrows_ReturnsAProblemAndLogsIt()
    {
        await GuardAsync(new InvalidOperationException("boom"));

        _context.Response.Body.Position = 0;
        var problem = (await JsonNode.ParseAsync(_context.Response.Body, cancellationToken: TestContext.Current.CancellationToken))!;
        Assert.Equal((500, "urn:defect-notifier:internal-error"), (_context.Response.StatusCode, (string?)problem["type"]));
        Assert.DoesNotContain("boom", problem.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal([502], _log.EventIds);
    }

    [Fact]
    public async Task InvokeAsync_ClientDisconnected_LeavesTheErrorToKestrel()
    {
        using var disconnected = new CancellationTokenSource();
        await disconnected.CancelAsync();
        _context.RequestAborted = disconnected.Token;

        await Assert.ThrowsAsync<OperationCanceledException>(() => GuardAsync(new OperationCanceledException()));
    }

    [Fact]
    public async Task InvokeAsync_SessionCanNotBeRead_IsStoreUnavailableAndNoLogout()
    {
        _settings = new NotifierSettings { OperationsSecrets = [new Secret("secret of everyone 1")] };
        _sessions.Error = new OutboxUnavailableException("the database can't be reached");
        _context.Request.Headers.Cookie = "dn-80=" + SessionToken.Create().Text;

        await GuardAsync(new InvalidOperationException("boom"));

        Assert.Equal(503, _context.Response.StatusCode);
        Assert.Equal(1, _context.Response.Headers.RetryAfter.Count);
        Assert.Equal(0, _context.Response.Headers.WWWAuthenticate.Count);
        Assert.Equal(0, _context.Response.Headers.SetCookie.Count);
        _context.Response.Body.Position = 0;
        var problem = (await JsonNode.ParseAsync(_context.Response.Body, cancellationToken: TestContext.Current.CancellationToken))!;
        Assert.Equal("urn:defect-notifier:store-unavailable", (string?)problem["type"]);
        Assert.Contains("the database can't be reached", (string?)problem["detail"], StringComparison.Ordinal);
    }

    private Task GuardAsync(Exception error)
    {
        var secrets = new OperatorSecrets(_settings);
        var access = new AccessCheck(() => _settings, () => secrets, _sessions);
        return new OperationsGuard(access, _log).InvokeAsync(_context, _ => Task.FromException(error));
    }
}
