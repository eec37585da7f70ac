using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using DefectNotifier.Console;
using Microsoft.AspNetCore.Http;

namespace DefectNotifier.Tests.Pages;

public sealed partial class ConsolePagesTests
{
    private static readonly ConsoleFiles Files = ConsoleFiles.Load();

    [Theory]
    [InlineData("/console/")]
    [InlineData("/console/events")]
    [InlineData("/console/events/01ABC")]
    [InlineData("/Console/attention")]
    public async Task ServeAsync_APath_ReturnsThePage(string path)
    {
        var response = await ServeAsync(path);

        Assert.Equal((200, "text/html; charset=utf-8"), (response.Status, response.ContentType));
        Assert.Equal("no-cache", response.Headers.CacheControl);
        Assert.Contains($"/console/assets/{Files.Version}/js/app.js", response.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/console")]
    public async Task ServeAsync_NotBelowTheRoot_Redirects(string path)
    {
        var response = await ServeAsync(path);

        Assert.Equal((302, "/console/"), (response.Status, response.Headers.Location.ToString()));
    }

    [Theory]
    [InlineData("/console/assets/")]
    [InlineData("/console/assets/nothing.js")]
    [InlineData("/console/assets/index.html")]
    [InlineData("/console/assets/../index.html")]
    public async Task ServeAsync_AnUnknownAsset_IsNotFound(string path) => Assert.Equal(404, (await ServeAsync(path)).Status);

    [Fact]
    public async Task ServeAsync_EveryAsset_HasAContentTypeAndIsCompressedOnce()
    {
        Assert.Contains("js/app.js", Files.Paths);
        foreach (var path in Files.Paths)
        {
            var plain = await ServeAsync("/console/assets/" + path);
            var packed = await ServeAsync("/console/assets/" + path, ("Accept-Encoding", "gzip, br;q=0.5"));

            Assert.Equal(200, plain.Status);
            Assert.NotNull(plain.ContentType);
            Assert.Equal("Accept-Encoding", plain.Headers.Vary);
            Assert.Equal(plain.Bytes.Length, plain.Headers.ContentLength);
            if (packed.Headers.ContentEncoding != "br") continue;
            Assert.True(packed.Bytes.Length < plain.Bytes.Length);
            Assert.Equal(plain.Bytes, Unpacked(packed.Bytes));
            Assert.NotEqual(plain.Headers.ETag, packed.Headers.ETag);
        }
    }

    [Theory]
    [InlineData("br;q=0")]
    [InlineData("gzip")]
    [InlineData("")]
    public async Task ServeAsync_BrotliIsNotAccepted_SendsTheFileAsItIs(string accepted) =>
        Assert.False((await ServeAsync("/console/", ("Accept-Encoding", accepted))).Headers.ContainsKey("Content-Encoding"));

    [Fact]
    public async Task ServeAsync_TheBrowserHasTheFile_Returns304()
    {
        var first = await ServeAsync("/console/", ("Accept-Encoding", "br"));
        var tag = first.Headers.ETag.ToString();

        foreach (var known in (string[])[tag, $"\"other\", {tag}", "W/" + tag, "*"])
        {
            var again = await ServeAsync("/console/", ("Accept-Encoding", "br"), ("If-None-Match", known));
            Assert.Equal((304, 0, tag), (again.Status, again.Bytes.Length, again.Headers.ETag.ToString()));
        }

        Assert.Equal(200, (await ServeAsync("/console/", ("If-None-Match", tag))).Status);
    }

    [Fact]
    public async Task ServeAsync_OnlyThePresentVersion_IsImmutable()
    {
        var current = await ServeAsync($"/console/assets/{Files.Version}/js/app.js");
        var former = await ServeAsync("/console/assets/0123456789ab/js/app.js");

        Assert.Equal("public, max-age=31536000, immutable", current.Headers.CacheControl);
        Assert.Equal((200, "no-cache"), (former.Status, former.Headers.CacheControl.ToString()));
        Assert.Equal(404, (await ServeAsync("/console/assets/scripts/app.js")).Status);
    }

    [Fact]
    public async Task ServeAsync_Head_SendsNoBody()
    {
        var response = await ServeAsync("/console/", method: "HEAD");

        Assert.Equal((200, 0), (response.Status, response.Bytes.Length));
        Assert.True(response.Headers.ContentLength > 0);
    }

    // The policy forbids them, so the browser would ignore them.
    [Fact]
    public void Page_HasNoScriptOrStyleOfItsOwn()
    {
        var page = Encoding.UTF8.GetString(Files.Page.Content.Span);

        Assert.DoesNotMatch(Inline(), page);
    }

    [Fact]
    public void Version_EveryFile_ChangesIt()
    {
        Dictionary<string, byte[]> contents = new() { ["index.html"] = [1], ["a/b.js"] = [2] };
        var before = new ConsoleFiles(contents).Version;

        Assert.NotEqual(before, new ConsoleFiles(new Dictionary<string, byte[]>(contents) { ["a/b.js"] = [3] }).Version);
        Assert.NotEqual(before, new ConsoleFiles(new Dictionary<string, byte[]>(contents) { ["c.css"] = [] }).Version);
        Assert.Equal(before, new ConsoleFiles(contents).Version);
        Assert.NotNull(new ConsoleFiles(contents).Find($"{before}/a/b.js", out var isImmutable));
        Assert.True(isImmutable);
    }

    [Fact]
    public void File_UnknownType_FailsAtOnce() =>
        Assert.StartsWith(
            "a.exe:", Assert.Throws<InvalidOperationException>(() => new ConsoleFile("a.exe", [])).Message, StringComparison.Ordinal);

    private static Task<Response> ServeAsync(string path, params (string Name, string Value)[] headers) =>
        ServeAsync(path, "GET", headers);

    private static async Task<Response> ServeAsync(string path, string method, params (string Name, string Value)[] headers)
    {
        var context = new DefaultHttpContext();
        (context.Request.Method, context.Request.Path) = (method, path);
        foreach (var (name, value) in headers) context.Request.Headers.Append(name, value);
        using var body = new MemoryStream();
        context.Response.Body = body;
        await ConsolePages.ServeAsync(context);
        return new Response(context.Response.StatusCode, context.Response.Headers, body.ToArray());
    }

    private static byte[] Unpacked(byte[] bytes)
    {
        using var stream = new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    [GeneratedRegex(@"<style|\bstyle=|\bon\w+=|<script(?![^>]*\bsrc=)", RegexOptions.IgnoreCase)]
    private static partial Regex Inline();

    private sealed record Response(int Status, IHeaderDictionary Headers, byte[] Bytes)
    {
        public string? ContentType => Headers.ContentType;

        public string Text => Encoding.UTF8.GetString(Bytes);
    }
}
