using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace DefectNotifier.Benchmarks.Load;

/// <summary>A program that receives webhooks, as a separate process. Its resource use is read from <c>/proc</c>.</summary>
internal sealed class LoadProcess : IAsyncDisposable
{
    private readonly Process _process;

    private LoadProcess(Process process, Uri ingress)
    {
        _process = process;
        Ingress = ingress;
    }

    public Uri Ingress { get; }

    /// <summary>When the process was started (<see cref="TimeProvider.GetTimestamp"/>).</summary>
    public long StartedAt { get; } = TimeProvider.System.GetTimestamp();

    /// <param name="program">An executable, or an assembly that <c>dotnet</c> runs.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="ingress">The URL where it will receive webhooks.</param>
    /// <param name="variables">Additional environment variables.</param>
    public static LoadProcess Start(
        string program, IEnumerable<string> arguments, Uri ingress, params ReadOnlySpan<(string Name, string Value)> variables)
    {
        var isManaged = Path.GetExtension(program) == ".dll";
        var start = new ProcessStartInfo(isManaged ? "dotnet" : program, isManaged ? [program, .. arguments] : arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in variables) start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return new LoadProcess(process, ingress);
    }

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>Resident memory in MiB: current and peak.</summary>
    public (double Now, double Peak) Memory() => (Status("VmRSS") / 1024, Status("VmHWM") / 1024);

    public int Threads() => (int)Status("Threads");

    /// <summary>The CPU time so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Waits until the program listens, at most 30 s.</summary>
    public async Task ListeningAsync()
    {
        while (TimeProvider.System.GetElapsedTime(StartedAt) < TimeSpan.FromSeconds(30))
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, Ingress.Port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
            }
        }

        throw new InvalidOperationException($"No service is listening at {Ingress}.");
    }

    /// <summary>The peak resident memory of a process in MiB; 0 when it has ended.</summary>
    public static double PeakOf(Process process)
    {
        try
        {
            return Status(process, "VmHWM") / 1024;
        }
        catch (Exception end) when (end is IOException or InvalidOperationException)
        {
            return 0;
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

    private double Status(string name) => Status(_process, name);

    private static double Status(Process process, string name)
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").Single(line => line.StartsWith(name + ":", StringComparison.Ordinal));
        return double.Parse(line[(name.Length + 1)..].Replace("kB", "").Trim(), CultureInfo.InvariantCulture);
    }
}
