using System.Collections.Concurrent;
using DefectNotifier.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using WireMock;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;
using WireMock.Settings;
using WireMock.Types;
using WireMock.Util;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>
/// Simulates Slack and Teams on WireMock.Net for any number of destinations. Keeps a ledger of all requests and responds from a script.
/// </summary>
internal sealed class ChatServer : IDisposable
{
    // WireMock's callbacks get no access to the connection, and a dropped connection must be simulated.
    private readonly AsyncLocal<HttpContext?> _context = new();
    private readonly TaskCompletionSource _closing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, bool> _readable = new(StringComparer.Ordinal);
    private readonly int _port = FreePort.Next();
    private WireMockServer? _server;

    private ChatServer()
    {
    }

    public ChatLedger Ledger { get; } = new();

    public ChatScript Script { get; } = new();

    public static ChatServer Start()
    {
        var chat = Down();
        chat.Open();
        return chat;
    }

    /// <summary>A chat that refuses connections until <see cref="Open"/>.</summary>
    public static ChatServer Down() => new();

    /// <summary>Lets the bot of a destination read its channel (<c>conversations.history</c>). Without that it lacks the scope.</summary>
    public void ShowHistoryOf(string destination) => _readable[destination] = true;

    public void Open()
    {
        _server = WireMockServer.Start(new WireMockServerSettings
        {
            Urls = [$"http://127.0.0.1:{_port}"],
            // The ledger has everything that the tests need.
            DisableJsonBodyParsing = true,
            MaxRequestLogCount = 0,
            PreWireMockMiddlewareInit = application => ((IApplicationBuilder)application).Use((context, next) =>
            {
                _context.Value = context;
                return next(context);
            }),
        });
        _server.Given(Request.Create().UsingAnyMethod()).RespondWith(Response.Create().WithCallback(RespondAsync));
    }

    public string AddressOf(string destination, ChatKind kind) => $"http://127.0.0.1:{_port}" + ChatPath.Of(destination, kind);

    /// <summary>All requests to a destination, whatever the response.</summary>
    public IReadOnlyList<ChatCall> CallsTo(string destination) =>
        [.. Ledger.Calls.Where(call => string.Equals(call.Destination, destination, StringComparison.Ordinal))];

    /// <summary>The messages that are in the channel.</summary>
    public IReadOnlyList<ChatCall> PostedTo(string destination) => [.. CallsTo(destination).Where(call => call.IsPosted)];

    /// <summary>Waits until so many requests have arrived.</summary>
    public Task CallsAsync(string destination, int count) =>
        Eventually.HoldsAsync(() => CallsTo(destination).Count >= count, Ledger.ToString);

    /// <summary>Waits until so many messages are in the channel.</summary>
    public Task PostedAsync(string destination, int count) =>
        Eventually.HoldsAsync(() => PostedTo(destination).Count >= count, Ledger.ToString);

    public void Dispose()
    {
        _closing.TrySetResult();
        _server?.Stop();
        _server?.Dispose();
    }

    private async Task<IResponseMessage> RespondAsync(IRequestMessage request)
    {
        var (destination, kind) = ChatPath.Read(request.AbsolutePath);
        if (request.AbsolutePath.EndsWith("/conversations.history", StringComparison.Ordinal))
            return ToResponse(_readable.ContainsKey(destination) ? ChatHistory.Of(PostedTo(destination)) : ChatHistory.NotAllowed);

        var authorization = HeaderOf(request, "Authorization");
        var call = Ledger.Add(destination, authorization, HeaderOf(request, "Content-Type"), request.Body ?? "");
        var response = Script.Take(call.Destination, kind);
        if (ReferenceEquals(response, ChatResponse.Withheld)) await _closing.Task;
        if (ReferenceEquals(response, ChatResponse.Dropped)) _context.Value!.Abort();
        await response.Until;
        if (response.Delay > TimeSpan.Zero) await Task.Delay(response.Delay, TimeProvider.System);
        Ledger.AddResponse(call, response);
        return ToResponse(response with
        {
            Body = response.Body
                .Replace("{url}", request.Url, StringComparison.Ordinal)
                .Replace("{tail}", request.Url[^Math.Min(40, request.Url.Length)..], StringComparison.Ordinal)
                .Replace("{authorization}", authorization, StringComparison.Ordinal),
        });
    }

    private static ResponseMessage ToResponse(ChatResponse response)
    {
        var body = response.Body;
        var headers = new Dictionary<string, WireMockList<string>>(StringComparer.Ordinal)
        {
            ["Content-Type"] = new WireMockList<string>(body.StartsWith('{') ? "application/json; charset=utf-8" : "text/html"),
        };
        if (response.RetryAfter is { } seconds) headers["Retry-After"] = new WireMockList<string>(seconds.ToString());
        return new ResponseMessage
        {
            StatusCode = response.Status == 0 ? 500 : response.Status,
            Headers = headers,
            BodyData = new BodyData { DetectedBodyType = BodyType.String, BodyAsString = body },
        };
    }

    private static string? HeaderOf(IRequestMessage request, string name) =>
        request.Headers?.TryGetValue(name, out var values) == true ? values.ToString() : null;
}
