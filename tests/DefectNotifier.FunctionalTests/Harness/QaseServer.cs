using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>Simulates Qase's REST API; unknown paths get 404. Every response echoes the token and the path of its request.</summary>
internal sealed class QaseServer : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentDictionary<string, string> _results = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(string Path, string Token)> _requests = new();
    private readonly TaskCompletionSource _closing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private QaseServer(WebApplication server) => _server = server;

    public string ApiUrl => _server.Urls.Single() + "/v1/";

    /// <summary>The status of all responses. 0: 200 or 404; -1: no response before the end of the test.</summary>
    public int Always { get; set; }

    public IReadOnlyList<string> Requests => [.. _requests.Select(request => request.Path)];

    public IReadOnlyList<string> Tokens => [.. _requests.Select(request => request.Token)];

    public static async Task<QaseServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var qase = new QaseServer(builder.Build());
        qase._server.Run(qase.RespondAsync);
        await qase._server.StartAsync(TestContext.Current.CancellationToken);
        return qase;
    }

    /// <param name="path">Below <c>/v1/</c>, for example <c>defect/WEB/73</c>.</param>
    /// <param name="result">JSON.</param>
    public QaseServer Set(string path, string result)
    {
        _results[path] = result;
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        _closing.TrySetResult();
        await _server.DisposeAsync();
    }

    private async Task RespondAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!["/v1/".Length..];
        var token = context.Request.Headers["Token"].ToString();
        _requests.Enqueue((path, token));
        if (Always < 0) await _closing.Task;
        var isKnown = _results.TryGetValue(path, out var result);
        context.Response.StatusCode = Always > 0 ? Always : isKnown ? 200 : 404;
        var echo = $"{token} {context.Request.Path}";
        await context.Response.WriteAsync(
            Always == 0 && isKnown ? $$"""{"status":true,"result":{{result}}}""" : $$"""{"status":false,"errorMessage":"{{echo}}"}""",
            CancellationToken.None);
    }
}
