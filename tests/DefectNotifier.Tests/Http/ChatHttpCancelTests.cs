using DefectNotifier.Chat.Http;
using DefectNotifier.Outbox;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Http;

/// <summary>What an attempt that was cut off says about the message: whether anything had left.</summary>
public sealed class ChatHttpCancelTests : IDisposable
{
    private readonly ChatHttp _http = new(TimeProvider.System);

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Post_CutOffWhileConnecting_HasSentNothing()
    {
        // Takes the connection and never says a word of TLS.
        var isConnected = new TaskCompletionSource();
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.ReadByteAsync();
            isConnected.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, connection.Stopped);
        });
        using var cut = new CancellationTokenSource();

        var posting = _http.PostAsync(new ChatHttpRequest(new UriBuilder(server.Address) { Scheme = "https" }.Uri, "{}"u8.ToArray()), cut.Token);
        await isConnected.Task.WaitAsync(Deadline.Token());
        await cut.CancelAsync();

        Assert.Equal((SendOutcome.Retry, SendReason.ConnectFailed), ((await posting).Error!.Outcome, (await posting).Error!.Reason));
    }

    [Fact]
    public async Task Post_CutOffAfterTheRequestLeft_IsForTheCallerToJudge()
    {
        var isRead = new TaskCompletionSource();
        await using var server = new ScriptedServer(async connection =>
        {
            await connection.ReadRequestAsync();
            isRead.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, connection.Stopped);
        });
        using var cut = new CancellationTokenSource();

        var posting = _http.PostAsync(new ChatHttpRequest(server.Address, "{}"u8.ToArray()), cut.Token);
        await isRead.Task.WaitAsync(Deadline.Token());
        await cut.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => posting);
    }
}
