using System.Collections.Concurrent;
using System.Diagnostics;

namespace DefectNotifier.Testing.Databases;

/// <summary>
/// A server on a port of 127.0.0.1 that can be stopped, killed and started again at the same port. It is killed when this process ends in
/// any way.
/// </summary>
/// <param name="folder">Where it runs and logs.</param>
/// <param name="program">The program's file.</param>
/// <param name="arguments">The program's arguments for a port.</param>
/// <param name="answersAsync">True when the server, and no other that has taken its port, serves clients.</param>
internal sealed class ServerProcess(
    ServerFolder folder, string program, Func<int, IEnumerable<string>> arguments, Func<Task<bool>> answersAsync) : IAsyncDisposable
{
    // The kernel kills the servers when the thread that started them ends. Threads of the pool end while the process goes on.
    private static readonly BlockingCollection<Task<Process>> Starts = StartThread();

    private readonly string _log = folder.File("log");
    private Process? _process;
    private bool _hasServed;

    public int Port { get; private set; }

    /// <summary>What the server has written since its first start.</summary>
    public string Log => File.Exists(_log) ? File.ReadAllText(_log) : "";

    /// <summary>Starts the server and waits until it serves clients.</summary>
    /// <exception cref="InvalidOperationException">The server has ended; the message has its log.</exception>
    public Task StartAsync() => Eventually.HoldsAsync(TryStartAsync, () => $"{program} does not start: {Log}");

    public Task WaitUntilReadyAsync() => Eventually.HoldsAsync(
        async () => await answersAsync() || (_process!.HasExited ? throw Ended() : false), () => $"{program} does not answer: {Log}");

    public async Task StopAsync(string signal)
    {
        await DatabaseProgram.SignalAsync(_process!, signal);
        await EndAsync();
    }

    public async Task KillAsync()
    {
        _process!.Kill();
        await EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) await KillAsync();
        _process?.Dispose();
    }

    // After a kill the port or the shared memory can be in use for a moment: then it is tried again.
    private async Task<bool> TryStartAsync()
    {
        var logged = Log.Length;
        if (!_hasServed) Port = FreePort.Next();
        _process?.Dispose();
        var start = new Task<Process>(
            () => DatabaseProgram.Start(folder.Path, _log, program, arguments(Port)), TaskCreationOptions.RunContinuationsAsynchronously);
        Starts.Add(start);
        _process = await start;
        await Eventually.HoldsAsync(
            async () => _process.HasExited || await answersAsync(), () => $"{program} does not answer: {Log}");
        if (!_process.HasExited) return _hasServed = true;
        var log = Log[logged..];
        var isInUse = log.Contains("already in use", StringComparison.Ordinal) || log.Contains("still in use", StringComparison.Ordinal);
        return isInUse ? false : throw Ended();
    }

    private async Task EndAsync()
    {
        try
        {
            await _process!.WaitForExitAsync().WaitAsync(Eventually.Deadline, TimeProvider.System);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{program} does not end: {Log}", late);
        }

        await Eventually.HoldsAsync(() => FreePort.IsFree(Port), $"Port {Port} of {program} is still in use.");
    }

    private InvalidOperationException Ended() => new($"{program} has ended: {Log}");

    private static BlockingCollection<Task<Process>> StartThread()
    {
        var starts = new BlockingCollection<Task<Process>>();
        var thread = new Thread(() =>
        {
            foreach (var start in starts.GetConsumingEnumerable()) start.RunSynchronously();
        })
        { IsBackground = true, Name = "Database servers" };
        thread.Start();
        return starts;
    }
}
