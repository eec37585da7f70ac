using System.Runtime.CompilerServices;
using System.Threading.Channels;
using DefectNotifier.Worker.Http;

namespace DefectNotifier.Worker.Operations.Live;

/// <summary>One open stream. Frames are never waited for: a client that does not read them is disconnected, and connects again.</summary>
/// <param name="sender">Who opened it; null: no secret is set, so it could be anyone.</param>
/// <param name="lastEventId">The sequence of the last event that the client has; null: it has none, or its number is not known.</param>
/// <param name="isResumed">True when the client sent a last event id, even an invalid one.</param>
/// <param name="disconnect">Ends the connection.</param>
internal sealed class LiveClient(Operator? sender, long? lastEventId, bool isResumed, Action disconnect)
{
    /// <summary>Frames that wait for the client; at two or three per second, it has not read for ten seconds.</summary>
    public const int MaxFrames = 32;

    /// <summary>A stream without frames gets a ping after this time.</summary>
    public static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(15);

    private readonly Channel<byte[]> _frames = Channel.CreateBounded<byte[]>(
        new BoundedChannelOptions(MaxFrames) { SingleReader = true, SingleWriter = true });

    public Operator? Operator => sender;

    public long? LastEventId => lastEventId;

    public bool IsResumed => isResumed;

    public ChannelReader<byte[]> Frames => _frames.Reader;

    /// <summary>False: too many frames wait.</summary>
    public bool TrySend(byte[] frame) => _frames.Writer.TryWrite(frame);

    /// <summary>The frames, with pings between them: these do not depend on the store, which may be slow.</summary>
    public async IAsyncEnumerable<byte[]> ReadAllAsync(TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var arriving = Frames.WaitToReadAsync(cancellationToken).AsTask();
            while (!await EndsAsync(arriving, time, cancellationToken)) yield return LiveFrames.Ping;
            if (!await arriving) yield break;
            while (Frames.TryRead(out var frame)) yield return frame;
        }
    }

    public void Disconnect()
    {
        _frames.Writer.TryComplete();
        disconnect();
    }

    private static async Task<bool> EndsAsync(Task arriving, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await arriving.WaitAsync(PingInterval, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
