using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace DefectNotifier.Console;

/// <summary>One file of the console, compressed with Brotli when it is first requested.</summary>
internal sealed class ConsoleFile
{
    // The highest quality, because a file is compressed only once.
    private const int Quality = 11;
    private const int Window = 22;

    private static readonly Dictionary<string, string> ContentTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".json"] = "application/json; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".png"] = "image/png",
        [".ico"] = "image/x-icon",
        [".woff2"] = "font/woff2",
        [".webmanifest"] = "application/manifest+json",
    };

    private readonly string _contentType;
    private readonly Representation _plain;
    private readonly Lazy<Representation> _compressed;

    public ConsoleFile(string path, byte[] content)
    {
        var extension = Path.GetExtension(path);
        _contentType = ContentTypes.GetValueOrDefault(extension)
            ?? throw new InvalidOperationException($"{path}: {nameof(ContentTypes)} has no content type for {extension}.");
        var digest = Convert.ToHexStringLower(SHA256.HashData(content))[..16];
        _plain = new Representation(content, $"\"{digest}\"");
        _compressed = new Lazy<Representation>(() => new Representation(Compress(content), $"\"{digest}-br\""));
    }

    public ReadOnlyMemory<byte> Content => _plain.Bytes;

    /// <summary>Sends the file, or 304 when the browser has it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="isImmutable">True: its address changes with its content, so it never has to be requested again.</param>
    public async Task SendAsync(HttpContext context, bool isImmutable)
    {
        var (request, response) = (context.Request, context.Response);
        var isCompressed = AcceptsBrotli(request) && _compressed.Value.Bytes.Length < _plain.Bytes.Length;
        var (bytes, tag) = isCompressed ? _compressed.Value : _plain;
        response.Headers.ETag = tag;
        response.Headers.Vary = HeaderNames.AcceptEncoding;
        response.Headers.CacheControl = isImmutable ? "public, max-age=31536000, immutable" : "no-cache";
        if (IsKnown(request, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = _contentType;
        response.ContentLength = bytes.Length;
        if (isCompressed) response.Headers.ContentEncoding = "br";
        if (!HttpMethods.IsHead(request.Method)) await response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private static byte[] Compress(byte[] content)
    {
        var buffer = new byte[BrotliEncoder.GetMaxCompressedLength(content.Length)];
        return BrotliEncoder.TryCompress(content, buffer, out var length, Quality, Window) ? buffer[..length] : content;
    }

    // Browsers accept Brotli only over https and on loopback.
    private static bool AcceptsBrotli(HttpRequest request) =>
        StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out var accepted)
        && accepted.Any(one => one.Value.Equals("br", StringComparison.OrdinalIgnoreCase) && one.Quality != 0);

    private static bool IsKnown(HttpRequest request, string tag) =>
        EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var known)
        && known.Any(one => one.Tag.Equals(tag, StringComparison.Ordinal) || one.Tag.Equals("*", StringComparison.Ordinal));

    private sealed record Representation(byte[] Bytes, string Tag);
}
