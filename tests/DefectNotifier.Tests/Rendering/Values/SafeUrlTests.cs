using CsCheck;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Tests.Rendering.Values;

public sealed class SafeUrlTests
{
    [Theory]
    [InlineData("https://x.example", "https://x.example/")]
    [InlineData(" https://x.example/a ", "https://x.example/a")]
    [InlineData("HTTP://X.Example:8080/A?b=c#d", "http://x.example:8080/A?b=c#d")]
    [InlineData("https://x.example/a b\"'", "https://x.example/a%20b%22'")]
    [InlineData("https://x.example/a|b<c>d(e)", "https://x.example/a%7Cb%3Cc%3Ed%28e%29")]
    [InlineData("https://x.example/ü?q=ß", "https://x.example/%C3%BC?q=%C3%9F")]
    [InlineData("https://x.example/%2F%20", "https://x.example/%2F%20")]
    [InlineData("https://x.example/a\nb", "https://x.example/a%0Ab")]
    [InlineData("mailto:qa@x.example", "mailto:qa@x.example")]
    public void TryCreate_Address_IsEncoded(string text, string expected)
    {
        Assert.True(SafeUrl.TryCreate(text, out var url));
        Assert.Equal(expected, url);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("x.example")]
    [InlineData("/a")]
    [InlineData("//x.example/a")]
    [InlineData("javascript:alert(1)")]
    [InlineData(" JavaScript:alert(1)")]
    [InlineData("java\nscript:alert(1)")]
    [InlineData("data:text/html,a")]
    [InlineData("vbscript:a")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://x.example/")]
    [InlineData("slack://open")]
    [InlineData("https:")]
    [InlineData("https://")]
    [InlineData("https://user@x.example/")]
    [InlineData("https://user:word@x.example/")]
    [InlineData("https://app.qase.io@x.example/")]
    public void TryCreate_UnsafeAddress_IsRejected(string? text) => Assert.False(SafeUrl.TryCreate(text, out _));

    [Fact]
    public void TryCreate_LongAddress_IsRejectedAboveTheEncodedLimit()
    {
        const string Start = "https://x.example/";

        Assert.True(SafeUrl.TryCreate(Start + new string('a', SafeUrl.MaxLength - Start.Length), out _));
        Assert.False(SafeUrl.TryCreate(Start + new string('a', SafeUrl.MaxLength - Start.Length + 1), out _));
        Assert.False(SafeUrl.TryCreate(Start + new string(' ', 700) + "a", out _));
        Assert.False(SafeUrl.TryCreate(Start + new string('a', 200_000), out _));
    }

    [Fact]
    public void TryCreate_AnyText_IsRejectedOrSafe() =>
        Gen.OneOf(Gen.String, Gen.String.Select(text => "https://x.example/" + text), Gen.String.Select(text => "https://" + text)).Sample(
            text =>
            {
                if (!SafeUrl.TryCreate(text, out var url)) return;
                Assert.DoesNotContain(url, character => char.IsControl(character) || char.IsSurrogate(character)
                    || " |<>()\"\\".Contains(character, StringComparison.Ordinal));
                Assert.True(SafeUrl.TryCreate(url, out _));
            },
            iter: PropertyCases.Of(5_000));
}
