using Microsoft.AspNetCore.Http;

namespace DefectNotifier.Console;

/// <summary>
/// The headers of every response to a browser. Pages run only the console's own scripts, which can't make elements from text; nothing is
/// loaded from elsewhere, and no other site can embed or read anything.
/// </summary>
public static class SecurityHeaders
{
    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; "
        + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    // "Empty": each of these is off.
    private const string Permissions =
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), "
        + "payment=(), publickey-credentials-get=(), usb=()";

    /// <summary>Adds them, and forbids storing the response, which the files of the console allow again.</summary>
    public static void AddTo(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = Permissions;
        headers.CacheControl = "no-store";
    }
}
