using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using DefectNotifier.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>Simulates Slack's Web API on Kestrel, with one channel that keeps messages, threads and updates.</summary>
internal sealed class SlackServer : IAsyncDisposable
{
    private readonly WebApplication _server;

    private SlackServer(WebApplication server) => _server = server;

    public SlackChannel Channel { get; } = new(TimeProvider.System);

    public string Address => _server.Urls.Single() + "/api/";

    public static async Task<SlackServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var slack = new SlackServer(builder.Build());
        slack._server.Run(slack.RespondAsync);
        await slack._server.StartAsync(TestContext.Current.CancellationToken);
        return slack;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task RespondAsync(HttpContext context)
    {
        ReadOnlyMemory<byte> arguments;
        try
        {
            arguments = await ReadAsync(context.Request);
        }
        catch (Exception end) when (end is IOException or OperationCanceledException)
        {
            // The worker was killed before it had sent the whole request: nothing is posted.
            return;
        }

        var response = await Channel.CallAsync(context.Request.Path.Value!.Split('/')[^1], arguments, CancellationToken.None);
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.StatusCode = response.Status;
        if (response.RetryAfter is { } wait) context.Response.Headers.RetryAfter = $"{wait.TotalSeconds:F0}";
        await context.Response.WriteAsync(
            response.Json ?? new JsonObject
            {
                ["ok"] = response.Ok,
                ["error"] = response.Error,
                ["channel"] = response.Channel,
                ["ts"] = response.Ts,
            }.ToJsonString(),
            CancellationToken.None);
    }

    // JSON, or the form that reading methods use.
    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request)
    {
        if (request.HasFormContentType)
        {
            var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
            return Encoding.UTF8.GetBytes(
                new JsonObject(form.Select(field => KeyValuePair.Create(field.Key, (JsonNode?)field.Value.ToString()))).ToJsonString());
        }

        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        return body.ToArray();
    }
}
