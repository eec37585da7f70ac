using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Benchmarks.Load;

/// <summary>A chat on bare Kestrel that takes Slack webhooks as fast as it can, or refuses them, and remembers when which message came.</summary>
internal sealed class LoadChat(int port) : IAsyncDisposable
{
    private static readonly byte[] Ok = "ok"u8.ToArray();

    private readonly ConcurrentQueue<(int Defect, long At)> _posted = new();
    private WebApplication? _server;
    private int _refused;
    private int _count;

    public string Url => $"http://127.0.0.1:{port}/services/T0/B0/load";

    /// <summary>Answer 429 with <see cref="RetryAfter"/> and post nothing.</summary>
    public volatile bool IsRefusing;

    /// <summary>Each message in the order of arrival, with its moment (<see cref="TimeProvider.GetTimestamp"/>).</summary>
    public IReadOnlyCollection<(int Defect, long At)> Posted => _posted;

    /// <summary>How many there are.</summary>
    public int Count => _count;

    public int Refused => _refused;

    /// <summary>How long a refused sender is to wait, in seconds.</summary>
    public int RetryAfter { get; init; } = 1;

    /// <summary>Lets a chat take so many messages that its own code is compiled before anything is measured: a chat does not begin with the error.</summary>
    public static async Task WarmUpAsync()
    {
        await using var chat = new LoadChat(LoadProcess.FreePort());
        await chat.OpenAsync();
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        for (var i = 0; i < 20_000; i++)
        {
            using var content = new StringContent($"https://app.example/view/{i}" + new string(' ', 1500));
            using var response = await client.PostAsync(new Uri(chat.Url), content);
        }
    }

    public async Task OpenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        _server = builder.Build();
        _server.Run(TakeAsync);
        await _server.StartAsync();
    }

    public async Task CloseAsync()
    {
        if (_server is null) return;
        await _server.StopAsync(new CancellationToken(canceled: true));
        await _server.DisposeAsync();
        _server = null;
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    /// <summary>Waits until so many messages have come, or a minute.</summary>
    public async Task ArrivedAsync(int count)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (_count < count && TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromMinutes(1)) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
    }

    private async Task TakeAsync(HttpContext context)
    {
        var read = await context.Request.BodyReader.ReadAsync();
        while (!read.IsCompleted)
        {
            context.Request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await context.Request.BodyReader.ReadAsync();
        }

        var defect = DefectOf(read.Buffer);
        context.Request.BodyReader.AdvanceTo(read.Buffer.End);
        if (IsRefusing)
        {
            Interlocked.Increment(ref _refused);
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = $"{RetryAfter}";
            return;
        }

        _posted.Enqueue((defect, TimeProvider.System.GetTimestamp()));
        Interlocked.Increment(ref _count);
        context.Response.ContentLength = Ok.Length;
        await context.Response.Body.WriteAsync(Ok);
    }

    // The number stands in the link to the defect.
    private static int DefectOf(ReadOnlySequence<byte> body) => Numbers.After(body.IsSingleSegment ? body.FirstSpan : body.ToArray(), "/view/"u8);
}
