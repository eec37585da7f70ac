using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>
/// Slack and Teams in good health, on bare Kestrel: takes everything and writes it into a ledger before it answers; bots may read what they posted. For tests in which
/// <see cref="ChatServer"/> would be the slowest part.
/// </summary>
internal sealed partial class FastChat : IAsyncDisposable
{
    private readonly WebApplication _server;

    // A lane asks after its last message and no other one.
    private readonly ConcurrentDictionary<string, ImmutableStack<string>> _posted = new();

    private FastChat(WebApplication server) => _server = server;

    public ArrivalLedger Arrivals { get; } = new();

    public static async Task<FastChat> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var chat = new FastChat(builder.Build());
        chat._server.Run(chat.TakeAsync);
        await chat._server.StartAsync(TestContext.Current.CancellationToken);
        return chat;
    }

    public string AddressOf(string destination, ChatKind kind) => _server.Urls.Single() + ChatPath.Of(destination, kind);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        var (destination, kind) = ChatPath.Read(context.Request.Path.Value!);
        using var reader = new StreamReader(context.Request.Body);
        string body;
        try
        {
            body = await reader.ReadToEndAsync(context.RequestAborted);
        }
        catch (Exception end) when (end is IOException or OperationCanceledException)
        {
            // The worker was killed before all of it had left: nothing is posted.
            return;
        }

        if (context.Request.Path.Value!.EndsWith("/conversations.history", StringComparison.Ordinal))
        {
            // More than a worker can have on its way at once; the whole of it would be read again and again.
            var latest = string.Join(',', _posted.GetValueOrDefault(destination, []).Take(10));
            await context.Response.WriteAsync($$"""{"ok":true,"messages":[{{latest}}]}""", CancellationToken.None);
            return;
        }

        if (kind == ChatKind.SlackBot) _posted.AddOrUpdate(destination, [body], (_, before) => before.Push(body));
        Arrivals.Add(new Arrival(new OwedMessage(destination, DefectIn(body), EventIn(body)), body.Contains("may be a repeat", StringComparison.Ordinal)));
        var response = ChatResponse.Good(kind);
        context.Response.StatusCode = response.Status;
        context.Response.ContentType = response.Body.StartsWith('{') ? "application/json; charset=utf-8" : "text/html";
        if (response.Body.Length > 0) await context.Response.WriteAsync(response.Body, CancellationToken.None);
    }

    private static int DefectIn(string body) => int.Parse(DefectPattern().Match(body).Groups["number"].Value, CultureInfo.InvariantCulture);

    // By its number where the title is not known. A new defect that was resolved meanwhile says so too, without the colon.
    private static string EventIn(string body) =>
        body.Contains("is resolved", StringComparison.Ordinal) || body.Contains("Resolved: ", StringComparison.Ordinal) ? "resolved"
        : body.Contains("was updated", StringComparison.Ordinal) || body.Contains("Updated: ", StringComparison.Ordinal) ? "updated"
        : "created";

    // Markdown may have put a backslash before the dash.
    [GeneratedRegex(@"\bD\\*-(?<number>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DefectPattern();
}
