using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using DefectNotifier.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>
/// Healthy Slack and Teams on Kestrel. Accepts every message and adds it to a ledger before it responds; bots may read what they posted.
/// For tests in which <see cref="ChatServer"/> would be the slowest part.
/// </summary>
internal sealed partial class FastChat : IAsyncDisposable
{
    private readonly WebApplication _server;

    // The bodies of each destination, the newest on top: a lane searches only for its last message.
    private readonly ConcurrentDictionary<string, ImmutableStack<string>> _posted = new();

    private readonly int[] _ports;

    /// <param name="doors">How many addresses it has. The ledger distinguishes workers that have an address of their own.</param>
    public FastChat(int doors = 1)
    {
        _ports = [.. Enumerable.Range(0, doors).Select(_ => FreePort.Next())];
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => Array.ForEach(_ports, port => kestrel.Listen(IPAddress.Loopback, port)));
        _server = builder.Build();
        _server.Run(ReceiveAsync);
    }

    public ArrivalLedger Arrivals { get; } = new();

    /// <summary>Before that, connections are refused.</summary>
    public Task OpenAsync() => _server.StartAsync(TestContext.Current.CancellationToken);

    public string AddressOf(string destination, ChatKind kind, int door = 0) =>
        $"http://127.0.0.1:{_ports[door]}" + ChatPath.Of(destination, kind);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
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
            // The worker was killed before it had sent the whole request: nothing is posted.
            return;
        }

        if (context.Request.Path.Value!.EndsWith("/conversations.history", StringComparison.Ordinal))
        {
            // Ten messages are more than a worker can have in flight at once. The whole history would be read for each lookup.
            var latest = string.Join(',', _posted.GetValueOrDefault(destination, []).Take(10));
            await context.Response.WriteAsync($$"""{"ok":true,"messages":[{{latest}}]}""", CancellationToken.None);
            return;
        }

        if (kind == ChatKind.SlackBot) _posted.AddOrUpdate(destination, [body], (_, before) => before.Push(body));
        var message = new MessageKey(destination, DefectIn(body), EventIn(body));
        var door = Array.IndexOf(_ports, context.Connection.LocalPort);
        var mayBeRepeat = body.Contains("may be a repeat", StringComparison.Ordinal);
        Arrivals.Add(new Arrival(message, mayBeRepeat, door, TimeProvider.System.GetUtcNow()));
        var response = ChatResponse.Good(kind);
        context.Response.StatusCode = response.Status;
        context.Response.ContentType = response.Body.StartsWith('{') ? "application/json; charset=utf-8" : "text/html";
        if (response.Body.Length > 0) await context.Response.WriteAsync(response.Body, CancellationToken.None);
    }

    private static int DefectIn(string body) => int.Parse(DefectPattern().Match(body).Groups["number"].Value, CultureInfo.InvariantCulture);

    // A message about a new defect that was resolved meanwhile has no colon.
    private static string EventIn(string body) =>
        body.Contains("Resolved: ", StringComparison.Ordinal) ? "resolved"
        : body.Contains("Updated: ", StringComparison.Ordinal) ? "updated"
        : "created";

    // Markdown may have escaped the dash with a backslash.
    [GeneratedRegex(@"\bD\\*-(?<number>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DefectPattern();
}
