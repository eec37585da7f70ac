using System.Net;

namespace DefectNotifier.Chat.Http;

/// <summary>The body of a request that knows whether it was begun to be sent: until then nothing can have been posted, however the request ends.</summary>
internal sealed class RequestBody(ReadOnlyMemory<byte> bytes) : HttpContent
{
    private volatile bool _hasLeft;

    public bool HasLeft => _hasLeft;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _hasLeft = true;
        await stream.WriteAsync(bytes, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = bytes.Length;
        return true;
    }
}
