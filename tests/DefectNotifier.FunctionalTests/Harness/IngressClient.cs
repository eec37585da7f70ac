using System.Net.Sockets;
using System.Text;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>Sends webhooks as Qase does.</summary>
internal sealed class IngressClient(Uri address)
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });

    public Uri Address => address;

    public Task<WebhookReply> PostAsync(string body, string? source = null, string? secret = null) =>
        PostAsync(Encoding.UTF8.GetBytes(body), source, secret);

    public async Task<WebhookReply> PostAsync(byte[] body, string? source = null, string? secret = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, source is null ? address : new Uri($"{address}/{source}"))
        {
            Content = new ByteArrayContent(body) { Headers = { { "Content-Type", "application/json" } } },
        };
        if (secret is not null) request.Headers.Add("X-Qase-Secret", secret);
        return await SendAsync(request);
    }

    /// <summary>Sends the defects with these numbers one after the other; each must be accepted.</summary>
    public async Task AcceptsAsync(IEnumerable<int> numbers, string project = "WEB")
    {
        foreach (var number in numbers)
        {
            var reply = await PostAsync(Webhooks.Created(number, project));
            Assert.Equal((202, "accepted"), (reply.Status, reply.EventStatus));
        }
    }

    /// <summary>Sends the head and one byte of the body, and leaves the request open.</summary>
    public async Task<TcpClient> BeginPostAsync(int contentLength)
    {
        var connection = new TcpClient();
        await connection.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        var head = $"POST {address.AbsolutePath} HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Length: {contentLength}\r\n\r\n{{";
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);
        return connection;
    }

    public static async Task<WebhookReply> SendAsync(HttpRequestMessage request)
    {
        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        return await WebhookReply.ReadAsync(response);
    }
}
