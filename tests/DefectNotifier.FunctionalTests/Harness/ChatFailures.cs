using System.Security.Cryptography.X509Certificates;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>One way for a chat to fail, and the outcomes that must follow.</summary>
/// <param name="Name">In words.</param>
/// <param name="Kind">The kind of chat.</param>
/// <param name="Outcomes">
/// Outcome and reason of each attempt at the first message before the one that delivers it, separated by commas; <c>dead</c> at the end
/// when none does.
/// </param>
/// <param name="Scripts">What the chat does on its first connections; after them it is healthy.</param>
internal sealed record ChatFailure(string Name, ChatKind Kind, string Outcomes, params Func<ScriptedConnection, Task>[] Scripts)
{
    /// <summary>The certificate of each connection, null for none; empty: plain http.</summary>
    public IReadOnlyList<X509Certificate2?> Certificates { get; init; } = [];

    /// <summary>The minimum wait before each further attempt.</summary>
    public TimeSpan AtLeast { get; init; }

    /// <summary>The timeout of one attempt. Generous where it does not matter, because machines are busy.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    public bool IsDead => Outcomes.EndsWith("dead", StringComparison.Ordinal);

    /// <summary>The history of the first message.</summary>
    public IReadOnlyList<string> History =>
    [
        .. Outcomes.Split(", ", StringSplitOptions.RemoveEmptyEntries).Where(outcome => outcome != "dead"),
        .. IsDead ? [] : (string[])["delivered ok"],
    ];

    public override string ToString() => $"{Kind}: {Name}";
}

/// <summary>What chats, and proxies in front of them, have been observed to do instead of a proper response.</summary>
internal static class ChatFailures
{
    private const string Lost = "ambiguous connection-lost";
    private const string Late = "ambiguous timeout";
    private const string Odd = "ambiguous unexpected-response";
    private const string Broken = "ambiguous server-error";
    private const string Wait = "wait rate-limited";
    private const string NotSeen = "retry lookup-failed";
    private const string Moved = "parked bad-address";
    private const string Foreign =
        "retry unexpected-response, retry unexpected-response, retry unexpected-response, retry unexpected-response";

    /// <summary>The response counts as a success.</summary>
    private const string Well = "";

    private static readonly string Html = "<html>" + new string(' ', 2_000) + "Please log in</html>";
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static IReadOnlyList<ChatFailure> All { get; } =
    [
        // Connection errors.
        .. Each("lost response", Lost, Lost, Lost, Scripts.CloseAfterReading),
        // A bot first looks the message up, and that fails in the same way.
        .. Each(
            "lost responses in a row",
            $"{Lost}, {Lost}, {Lost}",
            $"{Lost}, {NotSeen}, {NotSeen}",
            $"{Lost}, {Lost}, {Lost}",
            Scripts.CloseAfterReading,
            Scripts.ResetAfterReading,
            Scripts.CloseAfterReading),
        new(
            "lost response and no search",
            ChatKind.SlackBot,
            $"{Lost}, {NotSeen}, {NotSeen}, {NotSeen}, {NotSeen}, {NotSeen}",
            [Scripts.CloseAfterReading, .. Enumerable.Repeat(Says(500, Html), 6)]),
        new(
            "lost response and a rate-limited search",
            ChatKind.SlackBot,
            $"{Lost}, {Wait}",
            Scripts.CloseAfterReading,
            Says(429, "", "Retry-After: 1")),
        .. Each("reset before reading", Lost, Scripts.ResetAtFirstByte),
        .. Each("reset after reading", Lost, Scripts.ResetAfterReading),
        .. Each("half a status line", Lost, Scripts.Raw("HTTP/1.1 20")),
        .. Each("half the headers", Lost, Scripts.Raw("HTTP/1.1 200 OK\r\nContent-Ty")),
        .. Each("endless headers", Lost, Scripts.Raw("HTTP/1.1 200 OK\r\nX-Filler: " + new string('x', 200_000))),
        .. Each("no HTTP", Lost, Scripts.Raw("SSH-2.0-OpenSSH_9.6\r\n")),
        .. Each("silence", Late, Scripts.Silence).Select(WithShortTimeout),

        // Response bodies.
        .. Each("body cut", Lost, Lost, Well, Scripts.Raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"ok\":tr")),
        .. Each("chunk cut", Lost, Lost, Well, Scripts.Raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\no")),
        .. Each(
            "body cut of a failure",
            Broken,
            Broken,
            "retry service-unavailable",
            Scripts.Raw("HTTP/1.1 503 X\r\nContent-Length: 100\r\n\r\n<html>")),
        .. Each("stalled before the body", Late, Late, Well, Scripts.StalledBody(200, "")).Select(WithShortTimeout),
        .. Each("stalled body", Late, Late, Well, Scripts.StalledBody(200, "{\"ok\":")).Select(WithShortTimeout),
        .. Each("stalled body of a failure", Broken, Broken, "retry service-unavailable", Scripts.StalledBody(503, "<html>")),
        .. Each("stalled body of a 429", Wait, Scripts.StalledBody(429, "slow d", "Retry-After: 1"))
            .Select(failure => failure with { AtLeast = Second }),
        .. Each("endless body", Odd, Odd, Well, Scripts.EndlessBody),
        .. Each("huge body", Odd, Odd, Well, Says(200, new string('x', 5_000_000))),
        .. Each("huge body of a failure", Broken, Broken, "retry service-unavailable", Says(503, new string('x', 5_000_000))),
        new(
            "good response, byte by byte",
            ChatKind.SlackWebhook,
            Well,
            Scripts.Dribble(Scripts.LastResponse(200, "ok"), TimeSpan.FromMilliseconds(20))),
        new(
            "good response, byte by byte",
            ChatKind.SlackBot,
            Well,
            Scripts.Dribble(Scripts.LastResponse(200, """{"ok":true}"""), TimeSpan.FromMilliseconds(20))),
        new(
            "good response, byte by byte",
            ChatKind.Teams,
            Well,
            Scripts.Dribble(Scripts.LastResponse(202, ""), TimeSpan.FromMilliseconds(20))),
        new(
            "good response after an early hint",
            ChatKind.SlackWebhook,
            Well,
            Scripts.Raw("HTTP/1.1 103 Early Hints\r\n\r\n" + Scripts.LastResponse(200, "ok"))),
        new("good response of 200 kB", ChatKind.SlackBot, Well, Says(200, $$"""{"ok":true,"message":"{{new string('x', 200_000)}}"}""")),
        new("good response of 300 kB", ChatKind.SlackBot, Odd, Says(200, $$"""{"ok":true,"message":"{{new string('x', 300_000)}}"}""")),
        new(
            "good response, cut after its end",
            ChatKind.SlackBot,
            Well,
            Scripts.Raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"ok\":true}")),

        // Rate limits.
        .. Each(
            "429 five times",
            string.Join(", ", Enumerable.Repeat(Wait, 5)),
            [.. Enumerable.Repeat(Says(429, "slow down", "Retry-After: 1"), 5)]).Select(failure => failure with { AtLeast = Second }),
        .. Each("429 with a date", Wait, Dated(429)).Select(failure => failure with { AtLeast = 2 * Second }),
        .. Each("429 without a time", Wait, Says(429, "")).Select(failure => failure with { AtLeast = 30 * Second }),
        .. Each("429 with no time that can be read", Wait, Says(429, "", "Retry-After: soon"))
            .Select(failure => failure with { AtLeast = 30 * Second }),
        .. Each("429 with the time in the body", Wait, Says(429, """{"ok":false,"error":"ratelimited","retry_after":2}"""))
            .Select(failure => failure with { AtLeast = 2 * Second }),
        .. Each("503 with a time", Broken, Broken, "retry service-unavailable", Says(503, "", "Retry-After: 2"))
            .Select(failure => failure with { AtLeast = 2 * Second }),
        new("200 that says 429", ChatKind.SlackBot, Wait, Says(200, """{"ok":false,"error":"ratelimited","retry_after":1}"""))
        {
            AtLeast = Second,
        },

        // Unexpected texts.
        .. Each("page of a proxy", Odd, Odd, Well, Says(200, Html, "Content-Type: text/html")),
        .. Each("truncated JSON", Odd, Odd, Well, Says(200, "{\"ok\":tr")),
        .. Each("JSON of another service", Odd, Odd, Well, Says(200, """{"status":"fine"}""")),
        .. Each("ok that is a string", Odd, Odd, Well, Says(200, """{"ok":"true"}""")),
        .. Each("list", Odd, Odd, Well, Says(200, "[]")),
        .. Each("nothing", Odd, Odd, Well, Says(200, "")),
        .. Each("204", Odd, Odd, Well, Scripts.Raw("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")),
        .. Each("unknown status", Odd, Says(600, "")),
        new("unknown error", ChatKind.SlackWebhook, "retry unknown-error", Says(400, "a_new_error")),
        new("unknown error", ChatKind.SlackBot, "retry unknown-error", Says(200, """{"ok":false,"error":"a_new_error"}""")),
        new("unknown error", ChatKind.Teams, "retry unknown-error", Says(400, """{"error":{"code":"ANewError"}}""")),
        new(
            "unknown error three times",
            ChatKind.SlackWebhook,
            "retry unknown-error, retry unknown-error, retry unknown-error, dead",
            Thrice(Says(400, "a_new_error"))),
        new(
            "unknown error three times",
            ChatKind.SlackBot,
            "retry unknown-error, retry unknown-error, retry unknown-error, dead",
            Thrice(Says(200, """{"ok":false,"error":"a_new_error"}"""))),
        new("blocks rejected", ChatKind.SlackWebhook, Well, Says(400, "invalid_blocks")),
        new(
            "blocks and text rejected",
            ChatKind.SlackBot,
            "rejected invalid-message, dead",
            Says(200, """{"ok":false,"error":"invalid_blocks"}"""),
            Says(200, """{"ok":false,"error":"no_text"}""")),

        // Status codes.
        .. ((int[])[301, 302, 303, 307, 308])
            .SelectMany(status => Each($"redirect {status}", Moved, Says(status, "", "Location: /elsewhere"))),
        .. ((int[])[400, 401, 403, 404, 405, 408, 410, 425, 431])
            .SelectMany(status => Each($"{status} of a proxy, four times", Foreign, FourTimes(Says(status, status % 2 == 0 ? Html : "")))),
        .. Each("404 of another service", "retry unexpected-response", Says(404, """{"error":"not_found"}""")),
        new("404 of the chat", ChatKind.SlackWebhook, "parked hook-gone", Says(404, "no_service")),
        new("404 of the chat", ChatKind.Teams, "parked hook-gone", Says(404, """{"error":{"code":"WorkflowNotFound"}}""")),
        .. Each("500", Broken, Broken, "retry server-error", Says(500, Html)),
        .. Each("502", Broken, Says(502, Html)),
        .. Each("503", Broken, Broken, "retry service-unavailable", Says(503, Html)),
        .. Each("504", Broken, Says(504, Html)),
        .. Each("413", Well, Says(413, "")),
        .. Each("413 twice", "retry message-too-large", Says(413, ""), Says(413, "")),

        // TLS.
        .. Each("untrusted certificate", "parked tls-failed", Scripts.Silence).Select(failure => With(failure, TestCertificates.Unknown)),
        .. Each("certificate of another host", "parked tls-failed", Scripts.Silence)
            .Select(failure => With(failure, TestCertificates.OtherHost)),
        // The pipeline tries three times to connect.
        .. Each("cut handshake", "retry connect-failed", Thrice(Scripts.ResetAtFirstByte))
            .Select(failure => With(failure, null, null, null)),
        .. Each("http in place of https", "retry connect-failed", Thrice(SaysAtOnce("HTTP/1.1 400 Bad Request\r\n\r\n")))
            .Select(failure => With(failure, null, null, null)),
    ];

    private static IEnumerable<ChatFailure> Each(string name, string outcomes, params Func<ScriptedConnection, Task>[] scripts) =>
        Each(name, outcomes, outcomes, outcomes, scripts);

    private static IEnumerable<ChatFailure> Each(
        string name, string webhook, string bot, string teams, params Func<ScriptedConnection, Task>[] scripts) =>
    [
        new(name, ChatKind.SlackWebhook, webhook, scripts),
        new(name, ChatKind.SlackBot, bot, scripts),
        new(name, ChatKind.Teams, teams, scripts),
    ];

    // Long enough for the good responses that follow, while all other chats of the table are busy.
    private static ChatFailure WithShortTimeout(ChatFailure failure) => failure with { Timeout = TimeSpan.FromSeconds(8) };

    private static ChatFailure With(ChatFailure failure, params X509Certificate2?[] bad) =>
        failure with { Certificates = [.. bad, TestCertificates.Good] };

    private static Func<ScriptedConnection, Task>[] FourTimes(Func<ScriptedConnection, Task> script) => [script, script, script, script];

    private static Func<ScriptedConnection, Task>[] Thrice(Func<ScriptedConnection, Task> script) => [script, script, script];

    private static Func<ScriptedConnection, Task> Says(int status, string body, params string[] headers) =>
        Scripts.Raw(Scripts.LastResponse(status, body, headers));

    private static Func<ScriptedConnection, Task> SaysAtOnce(string text) => async connection =>
    {
        await connection.ReadByteAsync();
        await connection.WriteAsync(text);
    };

    // A date has no fractions of a second: three seconds from now are at least two seconds away.
    private static Func<ScriptedConnection, Task> Dated(int status) => async connection =>
    {
        await connection.ReadRequestAsync();
        // In whole seconds, and the response may take a while: at least two seconds are left when it arrives.
        await connection.WriteAsync(
            Scripts.LastResponse(status, "", $"Retry-After: {TimeProvider.System.GetUtcNow().AddSeconds(4):r}"));
    };
}
