namespace DefectNotifier.Worker.Commands.Checking;

/// <summary>Whether a webhook's host is there: its name, the way to it, its certificate.</summary>
internal static class HostProbe
{
    /// <summary>Null when anything was answered at all; else what is wrong, without the address.</summary>
    public static async Task<string?> ProblemOfAsync(Uri webhook, CancellationToken stop)
    {
        // The root, never the path: that is the secret, and asking there might post.
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
                HttpRequestError.NameResolutionError => "its name is not known",
                HttpRequestError.ConnectionError => "no connection",
                HttpRequestError.SecureConnectionError => "no secure connection: its certificate is not trusted, or something in between breaks TLS",
                HttpRequestError.ProxyTunnelError => "the proxy does not let through",
                var other => other.ToString(),
            };
        }
    }
}
