using System.Threading.Channels;

namespace DefectNotifier.Worker.Operations.Live;

/// <summary>One open stream. Frames are never waited for: a client that does not read them is disconnected, and connects again.</summary>
/// <param name="lastEventId">The sequence of the last event that the client has; null: it has none, or its number is not known.</param>
/// <param name="isResumed">True when the client sent a last event id, even an invalid one.</param>
/// <param name="disconnect">Ends the connection.</param>
internal sealed class LiveClient(long? lastEventId, bool isResumed, Action disconnect)
{
    /// <summary>Frames that wait for the client; at two or three per second, it has not read for ten seconds.</summary>
    public const int MaxFrames = 32;

    private readonly Channel<byte[]> _frames = Channel.CreateBounded<byte[]>(
        new BoundedChannelOptions(MaxFrames) { SingleReader = true, SingleWriter = true });

    public long? LastEventId => lastEventId;

    public bool IsResumed => isResumed;

    public ChannelReader<byte[]> Frames => _frames.Reader;

    /// <summary>False: too many frames wait.</summary>
    public bool TrySend(byte[] frame) => _frames.Writer.TryWrite(frame);

    public void Disconnect()
    {
        _frames.Writer.TryComplete();
        disconnect();
    }
}
