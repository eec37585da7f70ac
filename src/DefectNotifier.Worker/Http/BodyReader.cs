using System.Buffers;

namespace DefectNotifier.Worker.Http;

/// <summary>Reads the body of a request up to a limit.</summary>
internal static class BodyReader
{
    /// <summary>Null when the body is larger than the limit; Kestrel drains the rest.</summary>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit) return null;
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellationToken);
            if (read.Buffer.Length > limit)
            {
                // Kestrel can drain the rest only after this; if it closed the connection instead, the sender could lose the response.
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return null;
            }

            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return body;
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
