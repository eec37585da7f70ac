using System.Collections.Concurrent;
using System.Net.Sockets;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Delivery;
using DefectNotifier.Worker.Hosting;
using Microsoft.Extensions.Hosting.Systemd;

namespace DefectNotifier.Tests.Hosting;

public sealed class ServiceManagerNoticesTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly JumpingTime _time = new(Some.Moment);
    private readonly ScriptedLifetime _lifetime = new();
    private readonly LogLines<ServiceManagerNotices> _log = new();
    private readonly ScriptedNotifier _notifier = new();
    private volatile string? _problem;
    private int _checks;

    public void Dispose() => _lifetime.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lifetime_StartAndStop_AreReportedOnceTheyHappen()
    {
        using var notices = Notices();
        await notices.StartAsync(Token);
        Assert.Empty(_notifier.Sent);

        _lifetime.Start();
        Assert.Equal(["READY=1"], _notifier.Sent);

        _lifetime.StopApplication();
        Assert.Equal(["READY=1", "STOPPING=1"], _notifier.Sent);
        await notices.StopAsync(Token);
    }

    [Fact]
    public async Task Lifetime_WithoutServiceManager_SendsNothing()
    {
        _notifier.IsEnabled = false;
        using var notices = Notices();
        await notices.StartAsync(Token);

        _lifetime.Start();
        _lifetime.StopApplication();

        Assert.Empty(_notifier.Sent);
    }

    [Fact]
    public async Task ReportWork_ServiceHangs_IsSilentUntilItWorksAndLogsWhyOnce()
    {
        using var notices = Notices();
        using var stop = new CancellationTokenSource();
        var reporting = notices.ReportWorkAsync(Interval, stop.Token);
        await ChecksAsync(3);
        var before = _notifier.Sent.Count;

        _problem = "web-qa has made no progress for 30 minutes";
        await ChecksAsync(4);
        // The check that was under way when the problem began may still have been reported.
        Assert.InRange(_notifier.Sent.Count - before, 0, 1);
        Assert.Equal(
            ["The service hangs: web-qa has made no progress for 30 minutes. systemd is no longer notified, and restarts it"], _log.Texts);

        _problem = null;
        before = _notifier.Sent.Count;
        await _time.UntilAsync(() => _notifier.Sent.Count > before, () => "a notice");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reporting);
        Assert.All(_notifier.Sent, notice => Assert.Equal("WATCHDOG=1", notice));
    }

    [Fact]
    public async Task ReportWork_SocketIsGone_IsLoggedAndGoesOn()
    {
        using var notices = Notices();
        using var stop = new CancellationTokenSource();
        _notifier.Error = new SocketException((int)SocketError.ConnectionRefused);
        var reporting = notices.ReportWorkAsync(Interval, stop.Token);

        await ChecksAsync(2);
        Assert.All(_log.EventIds, id => Assert.Equal(31, id));
        Assert.NotEmpty(_log.EventIds);

        _notifier.Error = null;
        await _time.UntilAsync(() => _notifier.Sent.Count > 0, () => "a notice");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reporting);
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("", null, null)]
    [InlineData("soon", null, null)]
    [InlineData("0", null, null)]
    [InlineData("60000000", null, 30.0)]
    [InlineData("60000000", "", 30.0)]
    [InlineData("60000000", "own", 30.0)]
    [InlineData("60000000", "1", null)]
    public void IntervalOf_Variables_IsHalfTheLimitOfThisProcess(string? microseconds, string? process, double? seconds)
    {
        var id = process == "own" ? Environment.ProcessId.ToString() : process;

        Assert.Equal(seconds, ServiceManagerNotices.IntervalOf(microseconds, id)?.TotalSeconds);
    }

    // The notice of the last of them may not have been sent yet.
    private Task ChecksAsync(int count)
    {
        var wanted = Volatile.Read(ref _checks) + count;
        return _time.UntilAsync(() => Volatile.Read(ref _checks) >= wanted, () => "checks");
    }

    private string? Check()
    {
        Interlocked.Increment(ref _checks);
        return _problem;
    }

    private ServiceManagerNotices Notices() => new(_notifier, Check, _lifetime, _time, _log);

    private sealed class ScriptedNotifier : ISystemdNotifier
    {
        private readonly ConcurrentQueue<string> _sent = new();

        public bool IsEnabled { get; set; } = true;

        public SocketException? Error { get; set; }

        public IReadOnlyCollection<string> Sent => _sent;

        public void Notify(ServiceState state)
        {
            if (Error is not null) throw Error;
            _sent.Enqueue(state.ToString());
        }
    }
}
