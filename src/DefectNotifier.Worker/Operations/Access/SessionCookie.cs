namespace DefectNotifier.Worker.Operations.Access;

/// <summary>The cookie of a login. No script can read it, and no other site can make a browser send it.</summary>
internal static class SessionCookie
{
    /// <summary>Over https. The prefix makes browsers refuse it from another host, another path or without Secure.</summary>
    private const string SecureName = "__Host-dn";

    public static SessionToken? Find(HttpRequest request) =>
        (request.Cookies[SecureName] ?? request.Cookies[PlainNameOf(request)]) is { } token ? new SessionToken(token) : null;

    public static void Set(HttpContext context, SessionToken token)
    {
        var isSecure = Origins.IsHttps(context.Request);
        context.Response.Cookies.Append(isSecure ? SecureName : PlainNameOf(context.Request), token.Text, OptionsOf(isSecure));
    }

    public static void Delete(HttpContext context)
    {
        context.Response.Cookies.Delete(SecureName, OptionsOf(isSecure: true));
        context.Response.Cookies.Delete(PlainNameOf(context.Request), OptionsOf(isSecure: false));
    }

    // Browsers keep cookies by host without its port, so two services on one machine need two names.
    private static string PlainNameOf(HttpRequest request) => $"dn-{request.Host.Port ?? 80}";

    private static CookieOptions OptionsOf(bool isSecure) =>
        new() { HttpOnly = true, Secure = isSecure, SameSite = SameSiteMode.Strict, Path = "/" };
}
