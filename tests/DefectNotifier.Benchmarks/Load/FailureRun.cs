namespace DefectNotifier.Benchmarks.Load;

/// <summary>A worker with its outbox and chat during a failure.</summary>
internal sealed class FailureRun : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("faults-");
    private volatile int _accepted;

    public LoadChat Chat { get; } = new(LoadProcess.FreePort());

    public LoadProcess Worker { get; private set; } = null!;

    public async Task StartAsync()
    {
        await Chat.OpenAsync();
        Worker = LoadWorker.Start(_folder.FullName, Chat);
    }

    public async Task RestartAsync()
    {
        await Worker.DisposeAsync();
        Worker = LoadWorker.Start(_folder.FullName, Chat);
    }

    public void Accept(int defect) => _accepted = defect;

    /// <summary>Call at the end of the failure. Returns the time and how many events were accepted.</summary>
    public (long At, int Accepted) End() => (TimeProvider.System.GetTimestamp(), _accepted);

    /// <summary>Waits until all messages have arrived, at most three minutes.</summary>
    public async Task ArrivedAsync(int count)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (Chat.Posted.Select(post => post.Defect).Distinct().Count() < count
            && TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromMinutes(3))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Worker.DisposeAsync();
        await Chat.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
