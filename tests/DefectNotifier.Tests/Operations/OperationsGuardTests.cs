using System.Net;
using System.Text.Json.Nodes;
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

    private Task GuardAsync(Exception error)
    {
        var settings = new NotifierSettings();
        var secrets = new OperatorSecrets(settings);
        var access = new AccessCheck(() => settings, () => secrets, new Sessions(TimeProvider.System));
        return new OperationsGuard(access, _log).InvokeAsync(_context, _ => Task.FromException(error));
    }
}
