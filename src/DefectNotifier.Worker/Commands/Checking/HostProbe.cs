namespace DefectNotifier.Worker.Commands.Checking;

/// <summary>Checks that a webhook's host can be reached: its name, the connection and its certificate.</summary>
internal static class HostProbe
{
    /// <summary>Null when the host responded at all; otherwise what is wrong, without the address.</summary>
    public static async Task<string?> ProblemOfAsync(Uri webhook, CancellationToken stop)
    {
        // Only the root: the path is the secret, and a request there could post a message.
        using var request = new HttpRequestMessage(HttpMethod.Head, new Uri(webhook, "/"));
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        try
        {
            using var response = await client.SendAsync(request, stop);
            return null;
        }
        catch (HttpRequestException error)
        {
            return error.HttpRequestError switch
            {
                HttpRequestError.NameResolutionError => "its name can't be resolved",
                HttpRequestError.ConnectionError => "no connection",
                HttpRequestError.SecureConnectionError => "no secure connection: its certificate is not trusted, or a proxy intercepts TLS",
                HttpRequestError.ProxyTunnelError => "the proxy refuses the connection",
                var other => other.ToString(),
            };
        }
    }
}
