using System.Buffers;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Benchmarks.Limits;

/// <summary>
/// The minimum that a program in the worker's place must do, on the same server, store and HTTP client. It does not parse, route,
/// deduplicate, render or retry. Runs until it is killed.
/// </summary>
internal static class LimitProgram
{
    private static readonly byte[] Response = """{"status":"accepted"}"""u8.ToArray();

    public static async Task RunAsync(LimitKind kind, int port, string file, string chat, int destinations)
    {
        var commits = kind == LimitKind.Raw ? null : new GroupCommit(file);
        var posts = kind == LimitKind.Deliver ? new LimitPosts(chat, destinations, commits!) : null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        var server = builder.Build();
        server.Run(async context =>
        {
            var body = await ReadAsync(context.Request);
            if (commits is not null)
            {
                var id = await commits.AppendAsync(body);
                posts?.Add(id, body);
            }

            context.Response.StatusCode = StatusCodes.Status202Accepted;
            context.Response.ContentLength = Response.Length;
            await context.Response.Body.WriteAsync(Response);
        });
        await server.RunAsync();
    }

    private static async Task<byte[]> ReadAsync(HttpRequest request)
    {
        while (true)
        {
            var read = await request.BodyReader.ReadAsync();
            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return body;
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}

/// <summary>Three programs, each with a little more of the worker's task.</summary>
internal enum LimitKind
{
    /// <summary>Reads the body and responds with 202.</summary>
    Raw,

    /// <summary>Responds when the body is on disk.</summary>
    Append,

    /// <summary>Also posts a message for each webhook, one at a time per destination, and records each completion.</summary>
    Deliver,
}
