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

    private LoadWorker(Process process, Uri ingress, Uri operations, string settingsFile)
    {
        _process = process;
        Ingress = ingress;
        Operations = operations;
        SettingsFile = settingsFile;
    }

    public Uri Ingress { get; }

    public Uri Operations { get; }

    public string SettingsFile { get; }

    /// <summary>When the process was started (<see cref="TimeProvider.GetTimestamp"/>).</summary>
    public long StartedAt { get; } = TimeProvider.System.GetTimestamp();

    public static LoadWorker Start(string folder, LoadChat chat)
    {
        var (port, operations) = (FreePort(), FreePort());
        var settings = new
        {
            Ingress = new { Url = $"http://127.0.0.1:{port}" },
            Operations = new { Url = $"http://127.0.0.1:{operations}" },
            Outbox = new { Path = Path.Combine(folder, "outbox.db") },
            Logging = new { LogLevel = new { Default = "Warning" } },
            Destinations = new { web = new { Type = "slack-webhook", chat.Url, Pace = new { PerSecond = 0 } } },
            Routes = new[] { new { To = "web" } },
        };
        var file = Path.Combine(folder, "settings.json");
        File.WriteAllText(file, JsonSerializer.Serialize(settings));
        var process = Process.Start(Command(["serve", "--config", file]))!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return new LoadWorker(process, new Uri($"http://127.0.0.1:{port}/webhooks/qase"), new Uri($"http://127.0.0.1:{operations}"), file);
    }

    /// <summary>The worker with these arguments; what it writes is to be read.</summary>
    public static ProcessStartInfo Command(string[] arguments)
    {
        var isManaged = Path.GetExtension(Assembly) == ".dll";
        return new ProcessStartInfo(isManaged ? "dotnet" : Assembly, isManaged ? [Assembly, .. arguments] : arguments) { UseShellExecute = false, RedirectStandardOutput = true };
    }

    /// <summary>Waits until it answers.</summary>
    public async Task StartedAsync()
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        while (true)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri(Operations, "/health/live"));
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }
        }
    }

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>Resident memory in MiB: now, and the most there ever was.</summary>
    public (double Now, double Peak) Memory() => MemoryOf(_process) ?? throw new InvalidOperationException("The worker has ended.");

    /// <summary>The most resident memory that a process had so far, in MiB; 0 when it has ended.</summary>
    public static double PeakOf(Process process) => MemoryOf(process)?.Peak ?? 0;

    private static (double Now, double Peak)? MemoryOf(Process process)
    {
        try
        {
            var status = File.ReadAllLines($"/proc/{process.Id}/status");
            double? Of(string name) => status.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
                ? double.Parse(line.Split(':')[1].Replace("kB", "").Trim(), CultureInfo.InvariantCulture) / 1024
                : null;
            return Of("VmRSS") is { } now && Of("VmHWM") is { } peak ? (now, peak) : null;
        }
        catch (IOException)
        {
            return null;
        }
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
