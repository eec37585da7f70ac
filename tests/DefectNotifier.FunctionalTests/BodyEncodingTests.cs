using System.IO.Compression;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary>Bodies that are not plain UTF-8, or not complete.</summary>
public sealed class BodyEncodingTests(IngressFixture fixture) : IClassFixture<IngressFixture>
{
    private WorkerProcess Worker => fixture.Worker;

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Post_Compressed_NamesTheEncoding(string encoding)
    {
        var reply = await PostAsync(Compressed(Webhooks.Created(970)), content => content.ContentEncoding.Add(encoding));

        reply.IsProblem(415, "unsupported-encoding");
        Assert.Contains($"'{encoding}'", reply.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json; charset=iso-8859-1", "iso-8859-1")]
    [InlineData("application/json; charset=\"UTF-16LE\"", "UTF-16LE")]
    [InlineData("text/plain; charset=windows-1252; x=y", "windows-1252")]
    public async Task Post_InAnotherCharset_NamesIt(string contentType, string charset)
    {
        var body = Encoding.Latin1.GetBytes(Webhooks.Created(971).Replace("Marker", "Mürker", StringComparison.Ordinal));

        var reply = await PostAsync(body, content => content.ContentType = MediaTypeHeaderValue.Parse(contentType));

        reply.IsProblem(415, "unsupported-charset");
        Assert.Contains($"'{charset}'", reply.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json; charset=utf-8", 972)]
    [InlineData("application/json; charset=\"UTF8\"", 973)]
    [InlineData("application/json; charset='utf-8'", 979)]
    [InlineData("text/plain; charset=us-ascii", 974)]
    [InlineData("application/json", 975)]
    public async Task Post_InUtf8_IsAccepted(string contentType, int number)
    {
        var body = Encoding.UTF8.GetBytes(Webhooks.Created(number));

        var reply = await PostAsync(body, content => content.ContentType = MediaTypeHeaderValue.Parse(contentType));

        Assert.Equal(202, reply.Status);
    }

    [Fact]
    public async Task Post_WithIdentityEncoding_IsAccepted() => Assert.Equal(
        202, (await PostAsync(Encoding.UTF8.GetBytes(Webhooks.Created(976)), content => content.ContentEncoding.Add("identity"))).Status);

    [Theory]
    [InlineData("FFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n")]
    [InlineData("zz\r\n{}\r\n0\r\n\r\n")]
    [InlineData("2\r\n{}??0\r\n\r\n")]
    [InlineData("-1\r\n{}\r\n0\r\n\r\n")]
    public async Task Post_BrokenChunks_AreABadRequestWithoutAStackTrace(string chunks)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(Worker.Ingress.Address.Host, Worker.Ingress.Address.Port, TestContext.Current.CancellationToken);
        var request = $"POST {Worker.Ingress.Address.AbsolutePath} HTTP/1.1\r\nHost: x\r\nX-Qase-Secret: {TestSecrets.Ingress}\r\n"
            + $"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n{chunks}";
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);

        using var reader = new StreamReader(connection.GetStream());
        var reply = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith("HTTP/1.1 400 ", reply, StringComparison.Ordinal);
        Assert.DoesNotContain("crit", Worker.Output.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_BrokenChunksToOperations_AreABadRequestWithoutAStackTrace()
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(
            Worker.Operations.Address.Host, Worker.Operations.Address.Port, TestContext.Current.CancellationToken);
        var request = $"POST /deliveries/retry HTTP/1.1\r\nHost: {Worker.Operations.Address.Authority}\r\n"
            + $"Authorization: Bearer {TestSecrets.Operations}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
            + "FFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n";
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);

        using var reader = new StreamReader(connection.GetStream());
        var reply = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith("HTTP/1.1 400 ", reply, StringComparison.Ordinal);
        Assert.Contains("bad-request", reply, StringComparison.Ordinal);
        Assert.DoesNotContain("unhandled exception", Worker.Output.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_CompressedToOperations_NamesTheEncoding()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Worker.Operations.Address, "/deliveries/retry"))
        {
            Content = new ByteArrayContent(Compressed("{}")),
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json");
        request.Content.Headers.ContentEncoding.Add("gzip");

        (await IngressClient.SendAsync(request)).IsProblem(415, "unsupported-encoding");
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/metrics")]
    public async Task Head_OfAProbe_IsAnsweredLikeGet(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, new Uri(Worker.Operations.Address, path));

        var reply = await IngressClient.SendAsync(request);

        Assert.Equal((200, ""), (reply.Status, reply.Body));
    }

    private async Task<WebhookReply> PostAsync(byte[] body, Action<HttpContentHeaders> set)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Worker.Ingress.Address) { Content = new ByteArrayContent(body) };
        request.Headers.Add("X-Qase-Secret", TestSecrets.Ingress);
        set(request.Content.Headers);
        return await IngressClient.SendAsync(request);
    }

    private static byte[] Compressed(string text)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return memory.ToArray();
    }
}
