using System.Collections.Concurrent;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Benchmarks.Load;

/// <summary>A chat on bare Kestrel that takes Slack webhooks as fast as it can, or refuses them, and remembers when which message came.</summary>
internal sealed partial class LoadChat(int port) : IAsyncDisposable
{
    private readonly ConcurrentQueue<(int Defect, long At)> _posted = new();
    private WebApplication? _server;
    private int _refused;

    public string Url => $"http://127.0.0.1:{port}/services/T0/B0/load";

    /// <summary>Answer 429 with <c>Retry-After: 1</c> and post nothing.</summary>
    public volatile bool IsRefusing;

    /// <summary>Each message in the order of arrival, with its moment (<see cref="TimeProvider.GetTimestamp"/>).</summary>
    public IReadOnlyCollection<(int Defect, long At)> Posted => _posted;

    public int Refused => _refused;

    /// <summary>Lets a chat take so many messages that its own code is compiled before anything is measured: a chat does not begin with the fault.</summary>
    public static async Task WarmUpAsync()
    {
        await using var chat = new LoadChat(LoadWorker.FreePort());
        await chat.OpenAsync();
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        for (var i = 0; i < 20_000; i++)
        {
            using var content = new StringContent($"https://app.example/view/{i}" + new string(' ', 1500));
            using var answer = await client.PostAsync(new Uri(chat.Url), content);
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

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        if (IsRefusing)
        {
            Interlocked.Increment(ref _refused);
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = "1";
            return;
        }

        _posted.Enqueue((int.Parse(DefectPattern().Match(body).Groups["number"].Value), TimeProvider.System.GetTimestamp()));
        await context.Response.WriteAsync("ok");
    }

    [GeneratedRegex(@"/view/(?<number>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DefectPattern();
}
