using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>
/// Runs the worker as a process: the published one that the variable <c>WORKER</c> names, or else the built one. A native executable loads
/// no startup hook; a test that needs one runs the worker that <c>WORKER_ON_RUNTIME</c> names.
/// </summary>
internal sealed partial class WorkerProcess : IAsyncDisposable
{
    private static readonly string OnRuntime = Environment.GetEnvironmentVariable("WORKER_ON_RUNTIME")
        ?? typeof(WorkerProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == "WorkerAssembly").Value!;

    private static readonly string? Published = Environment.GetEnvironmentVariable("WORKER");

    /// <summary>The exit code of a process that was ended by SIGKILL.</summary>
    public const int Killed = 128 + 9;

    // The id of "nobody", who owns no file.
    private static readonly string[] OtherUser = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];

    private readonly Process _process;

    private WorkerProcess(
        string folder,
        IReadOnlyDictionary<string, string> environment,
        IEnumerable<string> arguments,
        bool isOtherUser = false,
        bool isRead = true)
    {
        var program = environment.ContainsKey("DOTNET_STARTUP_HOOKS") ? OnRuntime : Published ?? OnRuntime;
        var isManaged = Path.GetExtension(program) == ".dll";
        string[] command =
        [
            .. isOtherUser && Environment.IsPrivilegedProcess ? OtherUser : [],
            .. isManaged ? (string[])["dotnet", program] : [program],
            .. arguments,
        ];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // Mapping code pages twice takes a tenth of the start time, and there are hundreds of starts.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        // No worker of a test runs long enough to gain from profiling.
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Output.AddStandard(line.Data);
        _process.ErrorDataReceived += (_, line) => Output.AddError(line.Data);
        _process.Start();
        if (isRead) _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>False where <see cref="WorkerSettings.IsOtherUser"/> is not possible.</summary>
    public static bool CanBeOtherUser => !Environment.IsPrivilegedProcess || (File.Exists("/usr/bin/setpriv") && OtherUserReads());

    /// <summary>The worker as the beginning of a shell command.</summary>
    public static string CommandLine => (Published ?? OnRuntime) is var program && Path.GetExtension(program) == ".dll"
        ? $"dotnet '{program}'"
        : $"'{program}'";

    /// <summary>True when the tests run a published worker and not the built one.</summary>
    public static bool IsPublished => Published is not null;

    public bool HasExited => _process.HasExited;

    /// <summary>True while it is stopped by SIGSTOP.</summary>
    public bool IsSuspended => File.ReadAllText($"/proc/{_process.Id}/stat").Split(") ")[^1].StartsWith('T');

    public WorkerOutput Output { get; } = new();

    public IngressClient Ingress { get; private set; } = null!;

    public OperationsClient Operations { get; private set; } = null!;

    /// <summary>Starts the service without waiting for it.</summary>
    public static WorkerProcess Launch(WorkerSettings settings) =>
        new(settings.Folder, settings.Environment, ["serve", "--config", settings.Write()], settings.IsOtherUser);

    /// <summary>Starts the service and waits until it has logged its addresses.</summary>
    public static async Task<WorkerProcess> ServeAsync(WorkerSettings settings)
    {
        var worker = Launch(settings);
        try
        {
            await worker.ReadAddressesAsync();
            return worker;
        }
        catch
        {
            await worker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a service whose standard output nobody reads, and waits until it accepts webhooks. Its port must be set.</summary>
    public static async Task<WorkerProcess> ServeUnreadAsync(WorkerSettings settings)
    {
        var worker = new WorkerProcess(settings.Folder, settings.Environment, ["serve", "--config", settings.Write()], isRead: false)
        {
            Ingress = new IngressClient(settings.IngressAddress),
        };
        await Eventually.HoldsAsync(worker.AnswersAsync, () => $"The worker has not started: {worker.Output.All}");
        return worker;
    }

    /// <summary>Starts a command that does not end by itself.</summary>
    public static WorkerProcess Start(string folder, params string[] arguments) =>
        Start(folder, new Dictionary<string, string>(StringComparer.Ordinal), arguments);

    /// <summary>The same with environment variables.</summary>
    public static WorkerProcess Start(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        new(folder, environment, arguments);

    /// <summary>Runs a command and returns its exit code and output.</summary>
    public static Task<(int ExitCode, WorkerOutput Output)> RunAsync(string folder, params string[] arguments) =>
        RunAsync(folder, new Dictionary<string, string>(StringComparer.Ordinal), arguments);

    /// <summary>The same with environment variables.</summary>
    public static async Task<(int ExitCode, WorkerOutput Output)> RunAsync(
        string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        await using var worker = new WorkerProcess(folder, environment, arguments);
        return (await worker.ExitAsync(Eventually.Deadline), worker.Output);
    }

    /// <summary>
    /// Asks for a reload that makes a change. On a busy machine the service may have found the change by itself before the request; then
    /// the change is in the log.
    /// </summary>
    public async Task ReloadAsync(string change)
    {
        var reply = await Operations.PostAsync("/reload");
        Assert.True(reply.Status == 200, reply.Body);
        if (!reply.Body.Contains(change, StringComparison.Ordinal)) await Output.SaysAsync(change);
    }

    /// <summary>SIGKILL: the process gets no chance to clean up.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>SIGSTOP: the process stands still, and does not know it.</summary>
    public void Suspend() => Send("-STOP");

    /// <summary>SIGCONT: it goes on.</summary>
    public void Continue() => Send("-CONT");

    /// <summary>SIGTERM: how containers and service managers ask a process to stop.</summary>
    public void Terminate() => Send("-TERM");

    /// <summary>SIGHUP: how administrators ask a service to reload its settings.</summary>
    public void HangUp() => Send("-HUP");

    private void Send(string signal)
    {
        using var kill = Process.Start("kill", [signal, _process.Id.ToString()]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Waits for the end and returns the exit code; fails after the limit.</summary>
    public async Task<int> ExitAsync(TimeSpan limit)
    {
        try
        {
            await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(limit, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"The worker did not end within {limit.TotalSeconds} s.");
        }

        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        TestContext.Current.TestOutputHelper?.WriteLine($"Worker {_process.Id}:\n{Output.All}");
        _process.Dispose();
    }

    // The worker may be in a folder that is closed to others.
    private static bool OtherUserReads()
    {
        using var test = Process.Start(OtherUser[0], [.. OtherUser[1..], "test", "-r", Published ?? OnRuntime]);
        test.WaitForExit();
        return test.ExitCode == 0;
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            return (await Ingress.PostAsync("")).Status == 400;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task ReadAddressesAsync()
    {
        Match match = null!;
        await Eventually.HoldsAsync(
            () => (match = StartLine().Match(Output.Standard)).Success || _process.HasExited,
            () => $"The worker has not started: {Output.All}");
        Assert.True(match.Success, $"The worker ended at its start: {Output.All}");
        Ingress = new IngressClient(new Uri(match.Groups["ingress"].Value));
        // A worker that listens on all addresses is reached on loopback.
        Operations = new OperationsClient(
            new Uri(match.Groups["operations"].Value.Replace("//0.0.0.0", "//127.0.0.1", StringComparison.Ordinal)));
    }

    [GeneratedRegex(
        @"Listening for webhooks at (?<ingress>\S+) and for operators at (?<operations>\S+);", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex StartLine();
}
