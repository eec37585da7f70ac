using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text.Json;

namespace DefectNotifier.Benchmarks.Load;

/// <summary>The built worker as a process, with one destination without pace and everything else as it comes.</summary>
internal sealed class LoadWorker : IAsyncDisposable
{
    // Published as it is deployed, when it is named; else as it was built.
    private static readonly string Assembly = Environment.GetEnvironmentVariable("WORKER") ?? typeof(LoadWorker).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "WorkerAssembly").Value!;

    private readonly Process _process;

    private LoadWorker(Process process, Uri ingress)
    {
        _process = process;
        Ingress = ingress;
    }

    public Uri Ingress { get; }

    /// <summary>When the process was started (<see cref="TimeProvider.GetTimestamp"/>).</summary>
    public long StartedAt { get; } = TimeProvider.System.GetTimestamp();

    public static LoadWorker Start(string folder, LoadChat chat)
    {
        var port = FreePort();
        var settings = new
        {
            Ingress = new { Url = $"http://127.0.0.1:{port}" },
            Operations = new { Url = "http://127.0.0.1:0" },
            Outbox = new { Path = Path.Combine(folder, "outbox.db") },
            Logging = new { LogLevel = new { Default = "Warning" } },
            Destinations = new { web = new { Type = "slack-webhook", chat.Url, Pace = new { PerSecond = 0 } } },
            Routes = new[] { new { To = "web" } },
        };
        var file = Path.Combine(folder, "settings.json");
        File.WriteAllText(file, JsonSerializer.Serialize(settings));
        string[] serve = ["serve", "--config", file];
        var isManaged = Path.GetExtension(Assembly) == ".dll";
        var start = new ProcessStartInfo(isManaged ? "dotnet" : Assembly, isManaged ? [Assembly, .. serve] : serve) { UseShellExecute = false, RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return new LoadWorker(process, new Uri($"http://127.0.0.1:{port}/webhooks/qase"));
    }

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>Resident memory in MiB: now, and the most there ever was.</summary>
    public (double Now, double Peak) Memory()
    {
        var status = File.ReadAllLines($"/proc/{_process.Id}/status");
        double Of(string name) => double.Parse(status.Single(line => line.StartsWith(name, StringComparison.Ordinal)).Split(':')[1].Replace("kB", "").Trim(), CultureInfo.InvariantCulture) / 1024;
        return (Of("VmRSS"), Of("VmHWM"));
    }

    /// <summary>The processor time that it has taken so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }
}
