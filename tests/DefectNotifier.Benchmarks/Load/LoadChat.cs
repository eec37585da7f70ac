using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Benchmarks.Load;

/// <summary>
/// A chat on bare Kestrel that accepts Slack webhooks as fast as it can, or refuses them, and records when each message arrived.
/// </summary>
internal sealed class LoadChat(int port) : IAsyncDisposable
{
    private static readonly byte[] Ok = "ok"u8.ToArray();

    private readonly ConcurrentQueue<(int Defect, long At)> _posted = new();
    private WebApplication? _server;
    private int _refused;
    private int _count;

    public string Url => $"http://127.0.0.1:{port}/services/T0/B0/load";

    /// <summary>True: respond with 429 and <see cref="RetryAfter"/>.</summary>
    public volatile bool IsRefusing;

    /// <summary>The messages in order of arrival, with their time (<see cref="TimeProvider.GetTimestamp"/>).</summary>
    public IReadOnlyCollection<(int Defect, long At)> Posted => _posted;

    /// <summary>The number of messages.</summary>
    public int Count => _count;

    public int Refused => _refused;

    /// <summary>In seconds.</summary>
    public int RetryAfter { get; init; } = 1;

    /// <summary>Sends messages to a chat, so that the chat's code is compiled before the measurement.</summary>
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
        _server.Run(ReceiveAsync);
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

    /// <summary>Waits until this many messages have arrived, at most a minute.</summary>
    public async Task ArrivedAsync(int count)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (_count < count && TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromMinutes(1))
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
    }

    private async Task ReceiveAsync(HttpContext context)
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

    // The id is in the link to the defect.
    private static int DefectOf(ReadOnlySequence<byte> body) =>
        Numbers.After(body.IsSingleSegment ? body.FirstSpan : body.ToArray(), "/view/"u8);
}
