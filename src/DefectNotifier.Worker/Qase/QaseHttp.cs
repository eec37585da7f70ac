using System.Net.Http.Headers;
using System.Reflection;

namespace DefectNotifier.Worker.Qase;

/// <summary>
/// The connections to Qase's API, of their own: a host that hangs holds up nobody else's. Follows no redirect (the token would be handed on), keeps no cookies, writes no spans
/// and has no time limit but the caller's.
/// </summary>
internal sealed class QaseHttp : IDisposable
{
    public static readonly ProductInfoHeaderValue UserAgent = new(
        "DefectNotifier",
        typeof(QaseHttp).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0");

    // An invoker rather than an HttpClient: no timeout, no buffering, no base address that we would have to switch off.
    private readonly HttpMessageInvoker _invoker = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ActivityHeadersPropagator = null,
    });

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _invoker.SendAsync(request, cancellationToken);

    public void Dispose() => _invoker.Dispose();
}
