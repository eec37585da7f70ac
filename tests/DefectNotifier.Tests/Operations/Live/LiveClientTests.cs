using DefectNotifier.Testing;
using DefectNotifier.Worker.Operations.Live;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Operations.Live;

public sealed class LiveClientTests
{
    private readonly FakeTimeProvider _time = new(Some.Moment);
    private readonly LiveClient _client = new(sender: null, lastEventId: null, isResumed: false, () => { });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Nothing but the client: a store that hangs stops the hub, not the pings.
    [Fact]
    public async Task ReadAllAsync_NoFrames_PingsEachFifteenSeconds()
    {
        await using var frames = _client.ReadAllAsync(_time, Token).GetAsyncEnumerator(Token);
        for (var pings = 0; pings < 3; pings++)
        {
            var next = frames.MoveNextAsync().AsTask();
            _time.Advance(LiveClient.PingInterval - TimeSpan.FromSeconds(1));
            Assert.False(next.IsCompleted);
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.True(await next);
            Assert.Same(LiveFrames.Ping, frames.Current);
        }
    }

    [Fact]
    public async Task ReadAllAsync_Frames_AreInOrderAndEndWithTheConnection()
    {
        byte[][] sent = [[1], [2], [3]];
        await using var frames = _client.ReadAllAsync(_time, Token).GetAsyncEnumerator(Token);
        var first = frames.MoveNextAsync().AsTask();
        _time.Advance(LiveClient.PingInterval);
        Assert.True(await first);
        Assert.All(sent, frame => Assert.True(_client.TrySend(frame)));
        foreach (var frame in sent)
        {
            Assert.True(await frames.MoveNextAsync());
            Assert.Same(frame, frames.Current);
        }

        _client.Disconnect();

        Assert.False(await frames.MoveNextAsync());
    }

    [Fact]
    public async Task ReadAllAsync_Cancelled_Ends()
    {
        using var end = new CancellationTokenSource();
        await using var frames = _client.ReadAllAsync(_time, end.Token).GetAsyncEnumerator(Token);
        var next = frames.MoveNextAsync().AsTask();

        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }
}
