using System.Net;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Http;
using DefectNotifier.Worker.Settings;
using static Microsoft.AspNetCore.Http.StatusCodes;

namespace DefectNotifier.Worker.Operations.Access;

/// <summary>Decides whether a request to the operations listener may go on, and who sends it.</summary>
/// <param name="current">The active settings.</param>
/// <param name="secrets">The secrets in them.</param>
/// <param name="sessions">The logins of browsers.</param>
internal sealed class AccessCheck(Func<NotifierSettings> current, Func<OperatorSecrets> secrets, ISessionStore sessions)
{
    private const string BrowserHeader = "X-Console";
    private const string Bearer = "Bearer ";

    /// <summary>Why the request is refused; null: it may go on, and <see cref="OperatorFeature.Operator"/> is set.</summary>
    /// <exception cref="OutboxUnavailableException">The session can't be read now.</exception>
    public async Task<Problem?> CheckAsync(HttpContext context)
    {
        var (request, settings) = (context.Request, current());
        if (!Origins.HasReadableHost(request)) return UnreadableHost;
        var rule = AccessRules.Of(context.GetEndpoint());
        if (!Origins.IsOwnHost(context, settings)) return WrongHost;
        if (rule.IsAlwaysOpen) return null;
        if (IsFromAnotherPage(request)) return ForeignPage;
        if (settings.IsOperatorSecretMissing()) return SecretNeeded;

        var isChange = !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method);
        if (isChange && CheckChange(request, settings) is { } problem) return problem;
        // Also without the store the console's pages load, which then show that the service can't respond.
        if (rule.Needed == Permissions.None) return null;
        var sender = await FindAsync(context);
        context.Features.Set(sender);
        return sender is null ? WrongSecret
            : (sender.May & rule.Needed) != rule.Needed ? NotAllowed(sender, rule.Needed)
            : null;
    }

    /// <summary>Who sends a request; null: it has no valid secret or session.</summary>
    /// <param name="context">The request.</param>
    /// <param name="isUse">False: this does not keep the session from ending.</param>
    /// <exception cref="OutboxUnavailableException">The session can't be read now.</exception>
    public async Task<Operator?> FindAsync(HttpContext context, bool isUse = true)
    {
        var known = secrets();
        if (known.IsEmpty) return Operator.Unnamed;
        if (BearerIn(context.Request) is { } sent) return known.Find(sent);
        if (SessionCookie.Find(context.Request) is not { } token) return null;
        if (await sessions.FindAsync(token.Hash, isUse, context.RequestAborted) is not { } fingerprint) return null;
        if (known.Find(digest => token.Matches(digest, fingerprint)) is { } found) return found;
        // The secret of the session was changed or removed.
        await sessions.RemoveAsync(token.Hash);
        return null;
    }

    /// <summary>True while the sender of an accepted request still has the permissions that it needed.</summary>
    /// <exception cref="OutboxUnavailableException">The session can't be read now.</exception>
    public async Task<bool> StillMayAsync(HttpContext context, Permissions needed) =>
        !current().IsOperatorSecretMissing()
        && await FindAsync(context, isUse: false) is { } sender && (sender.May & needed) == needed;

    /// <summary>
    /// True when what is always open may also show names: on this machine or after a login. Behind a proxy, everyone is on this machine.
    /// </summary>
    public async Task<bool> MaySeeNamesAsync(HttpContext context)
    {
        var isDirect = current().OperationsPublicUrl is null or { IsLoopback: true };
        if (isDirect && context.Connection is { RemoteIpAddress: { } sender, LocalIpAddress: { } here }
            && IPAddress.IsLoopback(sender) && IPAddress.IsLoopback(here)) return true;
        try
        {
            return await StillMayAsync(context, Permissions.Read);
        }
        catch (OutboxUnavailableException)
        {
            return false;
        }
    }

    private static Problem UnreadableHost => Problem.Of(Status400BadRequest, "wrong-host", "The header Host is not a valid host name.");

    private static Problem WrongHost => Problem.Of(
        Status421MisdirectedRequest,
        "wrong-host",
        "Operations:Url is on loopback; use localhost, 127.0.0.1 or [::1] as the host name, or set Operations:PublicUrl to the address of "
        + "the proxy.");

    private static Problem ForeignPage => Problem.Of(
        Status403Forbidden, "foreign-page", "A web page of another origin can't read anything here. Open the console in a tab of its own.");

    private static Problem SecretNeeded => Problem.Of(
        Status403Forbidden,
        "secret-needed",
        "Operations:Url is not on loopback, or Operations:PublicUrl is set, so a secret is needed. Set "
        + "Operations:Secrets (Operations__Secrets__0), "
        + "Operations:SecretsFile or Operations:Access.");

    private static Problem WrongSecret => Problem.Of(
        Status401Unauthorized,
        "wrong-secret",
        "Send one of Operations:Secrets or Operations:Access as Authorization: Bearer SECRET, or log in at /console/.");

    private static Problem NotAllowed(Operator sender, Permissions needed) => Problem.Of(
        Status403Forbidden,
        "not-allowed",
        $"{sender.Title} may {string.Join(" and ", PermissionWords.WordsOf(sender.May))}, and this needs "
        + $"{string.Join(" and ", PermissionWords.WordsOf(needed & ~sender.May))}: see May in Operations:Access.");

    // A page that is open on this machine could make its browser run expensive requests, although it can't read the responses. A link to
    // the console is a navigation. Only browsers send these headers.
    private static bool IsFromAnotherPage(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site" && request.Headers["Sec-Fetch-Mode"] != "navigate";

    // A page of another site can make a browser send a request, but not with these headers, and the browser adds the origin of the page.
    private static Problem? CheckChange(HttpRequest request, NotifierSettings settings)
    {
        var hasOrigin = request.Headers.Origin.Count > 0;
        if (!hasOrigin && (BearerIn(request) is not null || SessionCookie.Find(request) is null)) return null;
        if (!hasOrigin || !Origins.IsOwnOrigin(request, settings))
        {
            return Problem.Of(
                Status403Forbidden,
                "foreign-origin",
                "A web page of another origin can't change anything here. If this is the console behind a proxy or under a host name, set "
                + "Operations:PublicUrl to its address.");
        }

        if (request.Headers[BrowserHeader] != "1")
            return Problem.Of(Status403Forbidden, "header-needed", $"A browser must send the header {BrowserHeader}: 1.");
        return HasBody(request) && !request.HasJsonContentType()
            ? Problem.Of(Status415UnsupportedMediaType, "wrong-content-type", "Send the body with Content-Type: application/json.")
            : null;
    }

    private static bool HasBody(HttpRequest request) => request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0;

    private static string? BearerIn(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? header[Bearer.Length..].Trim()
            : null;
}

/// <summary>Who sends a request, after <see cref="AccessCheck.CheckAsync"/>.</summary>
internal static class OperatorFeature
{
    /// <summary>Null: the endpoint needs no login.</summary>
    public static Operator? Operator(this HttpContext context) => context.Features.Get<Operator>();
}
