using DefectNotifier.Chat.Http;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Http;

/// <summary>A cancelled request reports whether anything can have been sent.</summary>
public sealed class ChatHttpCancelTests : IDisposable
{
    private readonly ChatHttp _http = new(TimeProvider.System);

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Post_CancelledWhileConnecting_ReportsConnectFailed()
    {
        // Accepts the connection but never responds to the TLS handshake.
        var isConnected = new TaskCompletionSource();
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.ReadByteAsync();
            isConnected.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, connection.Stopped);
        });
        using var cancellation = new CancellationTokenSource();

        var posting = _http.PostAsync(
            new ChatHttpRequest(new UriBuilder(server.Address) { Scheme = "https" }.Uri, "{}"u8.ToArray()), cancellation.Token);
        await isConnected.Task.WaitAsync(Deadline.Token());
        await cancellation.CancelAsync();

        Assert.Equal((SendOutcome.Retry, SendReason.ConnectFailed), ((await posting).Failure!.Outcome, (await posting).Failure!.Reason));
    }

    [Fact]
    public async Task Post_CancelledAfterTheRequestWasSent_Throws()
    {
        var isRead = new TaskCompletionSource();
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.ReadRequestAsync();
            isRead.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, connection.Stopped);
        });
        using var cancellation = new CancellationTokenSource();

        var posting = _http.PostAsync(new ChatHttpRequest(server.Address, "{}"u8.ToArray()), cancellation.Token);
        await isRead.Task.WaitAsync(Deadline.Token());
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => posting);
    }
}
