using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>The proxy HAProxy. Where it is not installed the test is skipped.</summary>
internal sealed class HaProxy : IAsyncDisposable
{
    // /usr/sbin is not on every user's PATH.
    private static readonly string Program = File.Exists("/usr/sbin/haproxy") ? "/usr/sbin/haproxy" : "haproxy";

    private readonly Process _process;

    private HaProxy(Process process) => _process = process;

    /// <summary>Starts it and waits until it accepts connections.</summary>
    /// <param name="folder">Where its configuration is written.</param>
    /// <param name="config">The configuration.</param>
    /// <param name="port">The port of 127.0.0.1 that it listens on.</param>
    public static async Task<HaProxy> StartAsync(TestFolder folder, string config, int port)
    {
        var file = folder.File("haproxy.cfg");
        await File.WriteAllTextAsync(file, config, TestContext.Current.CancellationToken);
        var log = "";
        try
        {
            // In the foreground, so that it ends with this process object.
            var start = new ProcessStartInfo(Program, ["-db", "-f", file]) { UseShellExecute = false, RedirectStandardError = true };
            var proxy = new HaProxy(Process.Start(start)!);
            proxy._process.ErrorDataReceived += (_, line) => log += line.Data + "\n";
            proxy._process.BeginErrorReadLine();
            await Eventually.HoldsAsync(() => proxy._process.HasExited || Accepts(port), () => $"HAProxy has not started: {log}");
            Assert.False(proxy._process.HasExited, $"HAProxy has ended: {log}");
            return proxy;
        }
        catch (Win32Exception)
        {
            Assert.Skip("haproxy is not installed.");
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private static bool Accepts(int port)
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
