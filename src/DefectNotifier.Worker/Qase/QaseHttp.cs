using System.Net.Http.Headers;
using System.Reflection;

namespace DefectNotifier.Worker.Qase;

/// <summary>
/// The connections to Qase's API, separate from those to the chats, so that a host that hangs affects no other. Follows no redirects
/// (they would pass on the token), keeps no cookies, writes no spans, and leaves timeouts to the caller.
/// </summary>
internal sealed class QaseHttp : IDisposable
{
    public static readonly ProductInfoHeaderValue UserAgent = new(
        "DefectNotifier",
        typeof(QaseHttp).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0");

    // Not an HttpClient: its timeout and buffering would have to be disabled.
    private readonly HttpMessageInvoker _invoker = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ActivityHeadersPropagator = null,
    });

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _invoker.SendAsync(request, cancellationToken);

    public void Dispose() => _invoker.Dispose();
}
