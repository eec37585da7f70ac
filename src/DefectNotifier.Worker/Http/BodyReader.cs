using System.Buffers;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using static Microsoft.AspNetCore.Http.StatusCodes;

namespace DefectNotifier.Worker.Http;

/// <summary>Reads the body of a request, or says why it cannot be read: it is encoded, in another charset, or too large.</summary>
internal static class BodyReader
{
    /// <param name="request">The request.</param>
    /// <param name="limit">The largest body, in bytes.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="BadHttpRequestException">The sender disconnected, or the request is not valid HTTP.</exception>
    public static async Task<RequestBody> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        if (EncodingProblem(request) is { } problem) return new RequestBody(null, problem);
        var length = request.ContentLength;
        if (length > limit) return TooLarge(limit);
        var body = new ArrayBufferWriter<byte>((int)Math.Max(1, length ?? 4096));
        while (true)
        {
            var read = await ReadNextAsync(request, cancellationToken);
            var isTooLarge = body.WrittenCount + read.Buffer.Length > limit;
            if (!isTooLarge)
                foreach (var part in read.Buffer) body.Write(part.Span);
            // Kestrel can drain the rest only after this; if it closed the connection instead, the sender could lose the response.
            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (isTooLarge) return TooLarge(limit);
            if (read.IsCompleted) return new RequestBody(body.WrittenMemory, null);
        }
    }

    private static async ValueTask<System.IO.Pipelines.ReadResult> ReadNextAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await request.BodyReader.ReadAsync(cancellationToken);
        }
        // Kestrel reports some broken chunks as an IOException.
        catch (IOException error) when (error is not BadHttpRequestException)
        {
            throw new BadHttpRequestException("The body is broken or incomplete.", error);
        }
    }

    private static RequestBody TooLarge(int limit) =>
        new(null, Problem.Of(Status413PayloadTooLarge, "body-too-large", $"The body is larger than {limit} bytes."));

    // A body that is not plain UTF-8 would be reported as broken JSON, or be stored with wrong letters.
    private static Problem? EncodingProblem(HttpRequest request)
    {
        if (EncodingOf(request) is { } encoding)
        {
            return Problem.Of(
                Status415UnsupportedMediaType,
                "unsupported-encoding",
                $"The body has the Content-Encoding '{Shown(encoding)}'. Send it without compression.");
        }

        return CharsetOf(request) is { } charset && !IsUtf8(charset)
            ? Problem.Of(
                Status415UnsupportedMediaType, "unsupported-charset", $"The body has the charset '{Shown(charset)}'. Send it in UTF-8.")
            : null;
    }

    // Most requests have none.
    private static string? EncodingOf(HttpRequest request) => request.Headers.ContentEncoding is { Count: > 0 } values
        ? values.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .FirstOrDefault(name => !name.Equals("identity", StringComparison.OrdinalIgnoreCase))
        : null;

    // Some senders put it in quotation marks of the wrong kind.
    private static string? CharsetOf(HttpRequest request) =>
        request.ContentType is { } text && text.Contains("charset", StringComparison.OrdinalIgnoreCase)
        && MediaTypeHeaderValue.TryParse(text, out var type) && !StringSegment.IsNullOrEmpty(type.Charset)
            ? type.Charset.ToString().Trim('"', '\'')
            : null;

    private static bool IsUtf8(string charset) => charset.ToUpperInvariant() is "UTF-8" or "UTF8" or "US-ASCII" or "ASCII";

    private static string Shown(string text) =>
        new([.. text.Take(40).Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' ? letter : '?')]);
}

/// <summary>The body of a request, or why it is rejected.</summary>
internal readonly record struct RequestBody(ReadOnlyMemory<byte>? Bytes, Problem? Problem);
