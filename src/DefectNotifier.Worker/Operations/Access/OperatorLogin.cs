using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Http;
using static Microsoft.AspNetCore.Http.StatusCodes;

namespace DefectNotifier.Worker.Operations.Access;

/// <summary>Logs browsers in and out.</summary>
internal sealed partial class OperatorLogin(
    Func<OperatorSecrets> secrets, ISessionStore sessions, LoginLimit limit, ILogger<OperatorLogin> logger)
{
    /// <summary>Starts a session and sets its cookie. Where no secret is set, there is nothing to log in to.</summary>
    /// <returns>The operator, or why the login is refused.</returns>
    /// <exception cref="OutboxUnavailableException">No session can be stored now.</exception>
    public async Task<(Operator? Operator, Problem? Problem)> OpenAsync(HttpContext context, string secret)
    {
        var known = secrets();
        if (known.IsEmpty) return (Operator.Unnamed, null);
        var address = context.Connection.RemoteIpAddress;
        var digest = SecretCheck.Digest(secret.Trim());
        if (known.Find(digest) is not { } found) return (null, Refuse(context, address));

        if (SessionCookie.Find(context.Request) is { } former) await sessions.RemoveAsync(former.Hash);
        var token = SessionToken.Create();
        await sessions.AddAsync(new Session(token.Hash, token.FingerprintOf(digest), found.Name));
        SessionCookie.Set(context, token);
        Log.LoggedIn(logger, found.Title, address);
        return (found, null);
    }

    /// <summary>Ends the session of this browser, if it has one.</summary>
    /// <exception cref="OutboxUnavailableException">It can't be ended now; the browser keeps it.</exception>
    public async Task CloseAsync(HttpContext context)
    {
        if (SessionCookie.Find(context.Request) is not { } token) return;
        await sessions.RemoveAsync(token.Hash);
        SessionCookie.Delete(context);
    }

    private Problem Refuse(HttpContext context, System.Net.IPAddress? address)
    {
        const string Detail = "This is none of the secrets in Operations:Secrets and Operations:Access.";
        var wait = limit.WaitOf(address);
        if (wait == TimeSpan.Zero)
        {
            limit.AddWrong(address);
            Log.Refused(logger, address);
            return Problem.Of(Status401Unauthorized, "wrong-secret", Detail);
        }

        var seconds = Math.Ceiling(wait.TotalSeconds);
        context.Response.Headers.RetryAfter = $"{seconds:0}";
        return Problem.Of(
            Status429TooManyRequests,
            "too-many-tries",
            $"{Detail} {LoginLimit.Tries} wrong ones came from this address within a minute. More are not logged for {seconds:0} s.");
    }

    private static partial class Log
    {
        [LoggerMessage(505, LogLevel.Information, "{Operator} logged in to the console from {Address}")]
        public static partial void LoggedIn(ILogger logger, string @operator, System.Net.IPAddress? address);

        [LoggerMessage(506, LogLevel.Warning, "A login to the console from {Address} was refused: wrong secret")]
        public static partial void Refused(ILogger logger, System.Net.IPAddress? address);
    }
}
