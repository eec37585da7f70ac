using System.Net;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Operations.Access;

/// <summary>
/// Under which names the operations listener may be addressed. The headers X-Forwarded-* are not used, because anyone can send them; a
/// proxy's address is set as <c>Operations:PublicUrl</c>.
/// </summary>
internal static class Origins
{
    /// <summary>
    /// False for a foreign host name on loopback. A web page that is open on this machine could point its own name at loopback (DNS
    /// rebinding) and read the history, but its requests would carry that name as Host.
    /// </summary>
    public static bool IsOwnHost(HttpContext context, NotifierSettings settings) =>
        context.Connection.LocalIpAddress is not { } address || !IPAddress.IsLoopback(address)
        || IsLoopbackName(context.Request.Host.Host) || IsPublicHost(context.Request.Host, settings.OperationsPublicUrl);

    /// <summary>
    /// True for a page of the console itself. Only an IP address, a loopback name or the public address is accepted: any other name could
    /// point here through DNS rebinding.
    /// </summary>
    public static bool IsOwnOrigin(HttpRequest request, NotifierSettings settings) =>
        OriginOf(request) is { } origin
        && (IsSame(origin, settings.OperationsPublicUrl)
            || (origin.Scheme == Uri.UriSchemeHttp && origin.Authority == request.Host.Value
                && (origin.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6 || IsLoopbackName(origin.Host))));

    /// <summary>True when the browser reaches the console over https, through the proxy; only after <see cref="IsOwnOrigin"/>.</summary>
    public static bool IsHttps(HttpRequest request) => OriginOf(request)?.Scheme == Uri.UriSchemeHttps;

    /// <summary>False when what the browser sends, such as the secret at the login, can be read in the network.</summary>
    public static bool IsProtected(HttpRequest request, NotifierSettings settings) =>
        IsLoopbackName(request.Host.Host)
        || (settings.OperationsPublicUrl?.Scheme == Uri.UriSchemeHttps && IsPublicHost(request.Host, settings.OperationsPublicUrl));

    private static Uri? OriginOf(HttpRequest request) =>
        request.Headers.Origin is [{ } text] && Uri.TryCreate(text, UriKind.Absolute, out var origin) ? origin : null;

    private static bool IsSame(Uri origin, Uri? other) =>
        origin.Scheme == other?.Scheme && origin.IdnHost == other.IdnHost && origin.Port == other.Port;

    // A browser leaves out the default port, and some proxies write it. It sends internationalised names in their ASCII form, which
    // ASP.NET Core changes back.
    private static bool IsPublicHost(HostString host, Uri? url) =>
        url is not null
        && string.Equals(new HostString(host.ToUriComponent()).Host.Trim('[', ']'), url.IdnHost, StringComparison.OrdinalIgnoreCase)
        && (host.Port ?? (url.Scheme == Uri.UriSchemeHttps ? 443 : 80)) == url.Port;

    private static bool IsLoopbackName(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
