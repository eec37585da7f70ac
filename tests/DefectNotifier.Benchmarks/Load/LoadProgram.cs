using DefectNotifier.Benchmarks.Limits;

namespace DefectNotifier.Benchmarks.Load;

/// <summary>One of the compared programs, with its own chat and folder.</summary>
internal sealed class LoadProgram : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("load-");
    private readonly int _operations = LoadProcess.FreePort();
    private readonly int _destinations;
    private readonly bool _posts;

    private LoadProgram(string name, int destinations, bool posts)
    {
        Name = name;
        _destinations = destinations;
        _posts = posts;
    }

    public string Name { get; }

    public LoadChat Chat { get; } = new(LoadProcess.FreePort()) { RetryAfter = 3600 };

    public LoadProcess Process { get; private set; } = null!;

    public static async Task<LoadProgram> StartLimitAsync(LimitKind kind, int destinations)
    {
        var name = kind switch
        {
            LimitKind.Raw => "limit: 202 alone",
            LimitKind.Append => "limit: durable append",
            _ => "limit: append and deliver",
        };
        var program = new LoadProgram(name, destinations, kind == LimitKind.Deliver);
        await program.StartAsync(() => LoadLimit.Start(kind, program._folder.FullName, program.Chat, destinations));
        return program;
    }

    /// <param name="name">The program's name in tables.</param>
    /// <param name="destinations">The number of destinations.</param>
    /// <param name="isHeld">True: its chat responds with 429, so that the worker only accepts events.</param>
    /// <param name="fill">Fills the folder before the start.</param>
    /// <param name="old">The chat of the destination <c>old</c>; null for none.</param>
    public static async Task<LoadProgram> StartWorkerAsync(
        string name, int destinations, bool isHeld = false, Func<string, Task>? fill = null, LoadChat? old = null)
    {
        var program = new LoadProgram(name, destinations, posts: !isHeld);
        program.Chat.IsRefusing = isHeld;
        if (fill is not null) await fill(program._folder.FullName);
        await program.StartAsync(() => LoadWorker.Start(program._folder.FullName, program.Chat, destinations, program._operations, old));
        return program;
    }

    /// <summary>Sends webhooks for this time, then waits until all messages have arrived.</summary>
    public async Task<LoadRound> RunAsync(int connections, TimeSpan time)
    {
        var (cpu, posted, began) = (Process.Cpu, Chat.Count, TimeProvider.System.GetTimestamp());
        var load = await LoadGenerator.RunAsync(Process.Ingress, connections, _destinations, time);
        var meanwhile = Chat.Count - posted;
        if (_posts) await Chat.ArrivedAsync(posted + load.Accepted);
        var all = TimeProvider.System.GetElapsedTime(began);
        if (load.Refused > 0) Console.Error.WriteLine($"{Name}: {load.Refused} refused");
        if (_posts && Chat.Count != posted + load.Accepted)
            Console.Error.WriteLine($"{Name}: {load.Accepted} accepted, {Chat.Count - posted} posted");
        return new LoadRound
        {
            Load = load,
            Delivered = Chat.Count - posted,
            DeliveredPerSecondWhileAccepting = meanwhile / load.Time.TotalSeconds,
            DeliveredPerSecond = (Chat.Count - posted) / all.TotalSeconds,
            CpuPerThousand = (Process.Cpu - cpu).TotalSeconds / load.Accepted * 1000,
        };
    }

    /// <summary>The bytes that the worker has allocated, from its metrics.</summary>
    public async Task<double> AllocatedAsync()
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        var metrics = await client.GetStringAsync(new Uri($"http://127.0.0.1:{_operations}/metrics"));
        var line = metrics.Split('\n').Single(
            line => line.StartsWith("dotnet_gc_heap_total_allocated_bytes_total", StringComparison.Ordinal));
        return double.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        await Chat.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task StartAsync(Func<LoadProcess> start)
    {
        await Chat.OpenAsync();
        Process = start();
        await Process.ListeningAsync();
    }
}

/// <summary>The results of one run of a program.</summary>
internal sealed record LoadRound
{
    public required LoadResult Load { get; init; }

    public required int Delivered { get; init; }

    /// <summary>While webhooks were sent.</summary>
    public required double DeliveredPerSecondWhileAccepting { get; init; }

    /// <summary>From the first webhook to the last message.</summary>
    public required double DeliveredPerSecond { get; init; }

    /// <summary>CPU seconds of the program per 1,000 webhooks, from the first webhook to the last message.</summary>
    public required double CpuPerThousand { get; init; }
}
