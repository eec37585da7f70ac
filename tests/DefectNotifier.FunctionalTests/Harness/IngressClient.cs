using System.Net.Sockets;
using System.Text;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>Qase, as far as a worker sees it.</summary>
internal sealed class IngressClient(Uri address)
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });

    public Uri Address => address;

    public Task<WebhookReply> PostAsync(string body, string? source = null, string? secret = null) => PostAsync(Encoding.UTF8.GetBytes(body), source, secret);

    public async Task<WebhookReply> PostAsync(byte[] body, string? source = null, string? secret = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, source is null ? address : new Uri($"{address}/{source}"))
        {
            Content = new ByteArrayContent(body) { Headers = { { "Content-Type", "application/json" } } },
        };
        if (secret is not null) request.Headers.Add("X-Qase-Secret", secret);
        return await SendAsync(request);
    }

    /// <summary>Sends, one after the other, the defects with these numbers; each must be accepted.</summary>
    public async Task AcceptsAsync(IEnumerable<int> numbers, string project = "WEB")
    {
        foreach (var number in numbers)
        {
            var reply = await PostAsync(Webhooks.Created(number, project));
            Assert.Equal((202, "accepted"), (reply.Status, reply.EventStatus));
        }
    }

    /// <summary>A sender that has sent its head and one byte of its body, and now takes its time.</summary>
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
