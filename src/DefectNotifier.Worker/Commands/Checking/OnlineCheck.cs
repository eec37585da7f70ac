using DefectNotifier.Chat.Slack.Api;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Worker.Linting;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Checking;

/// <summary>
/// Checks destinations with requests to the chats, without posting anything. Slack's Web API reports about a bot and its channel. A webhook
/// can't be tested without posting a message, so only the root of its host is requested.
/// </summary>
internal sealed class OnlineCheck(Func<DestinationOptions, ISlackApi> createApi, TimeProvider time)
{
    public List<string> Notes { get; } = [];

    public async Task<IReadOnlyList<Finding>> CheckAsync(IReadOnlyList<DestinationOptions> valid, CancellationToken stop)
    {
        // In parallel: hosts that do not respond cost one timeout altogether.
        var found = await Task.WhenAll(valid.Select(options => CheckOneAsync(options, stop)));
        foreach (var options in valid.Where(one => one.Url is not null))
            Notes.Add($"{options.Name}: a webhook can't be checked without posting a message; only its host was checked.");
        return [.. found.SelectMany(one => one)];
    }

    private async Task<IEnumerable<Finding>> CheckOneAsync(DestinationOptions options, CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, timeout.Token);
        try
        {
            if (options.Token is not null) return await new SlackProbe(createApi(options), options).CheckAsync(either.Token);
            return options.Url is { } url && await ProblemOfHostAsync(new Uri(url.Reveal()), either.Token) is { } problem
                ? [Unreachable(
                    $"Destinations:{options.Name}:Url",
                    $"Its host can't be reached: {problem}.",
                    "Check the address, the network and the proxy.")]
                : [];
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return [Unreachable(
                $"Destinations:{options.Name}", $"No response within {TimeText.Of(options.Timeout)}.", "Check the network and the proxy.")];
        }
    }

    // The name, the connection and the certificate of a host. Null when it responded at all; otherwise what is wrong, without the address.
    private static async Task<string?> ProblemOfHostAsync(Uri webhook, CancellationToken stop)
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

    private static Finding Unreachable(string place, string message, string suggestion) =>
        FindingCode.Unreachable.At(place, message, suggestion);
}
