using System.Globalization;
using CsCheck;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Tests.Rendering.Values;

public sealed class GraphemesTests
{
    // Too few pieces for a cluster that is longer than the longest one that is kept whole.
    private static readonly Gen<string> AnyText = Gen.OneOf(
        "a", "1\uFE0F\u20E3", " ", "\n", "\r", "\r\n", "e\u0301", "👩🏽‍💻", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🇩🇪", "結",
        "\u0600", "\u200D", "\uD83D", "\uDC69")
        .Array[0, 8].Select(string.Concat);

    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abc", 2, "a…")]
    [InlineData("abc", 1, "…")]
    [InlineData("abc", 0, "")]
    [InlineData("abc", -1, "")]
    [InlineData("", 0, "")]
    [InlineData("ab cd", 4, "ab…")]
    [InlineData("a👩🏽‍💻b", 8, "a…")]
    [InlineData("a👩🏽‍💻bc", 9, "a👩🏽‍💻…")]
    [InlineData("👩🏽‍💻b", 3, "…")]
    [InlineData("ae\u0301b", 3, "a…")]
    [InlineData("ae\u0301bc", 4, "ae\u0301…")]
    public void Truncate_Text_KeepsGraphemesWhole(string text, int length, string expected) =>
        Assert.Equal(expected, Graphemes.Truncate(text, length));

    [Fact]
    public void Prefix_AnyText_IsTheLongestThatSplitsNoCluster() => Gen.Select(AnyText, Gen.Int[-1, 40]).Sample(
        (whole, limit) =>
        {
            var boundaries = StringInfo.ParseCombiningCharacters(whole).Append(whole.Length);

            Assert.Equal(boundaries.Where(boundary => boundary <= limit).Append(0).Max(), Graphemes.Prefix(whole, limit).Length);
        },
        iter: PropertyCases.Of(10_000));

    [Fact]
    public void Truncate_AnyText_KeepsTheLimitAndWholeCharacters() => Gen.Select(AnyText, Gen.Int[0, 40]).Sample(
        (whole, length) =>
        {
            var cut = Graphemes.Truncate(whole, length);

            Assert.InRange(cut.Length, 0, length);
            if (whole.Length <= length) Assert.Equal(whole, cut);
            else if (length > 0)
            {
                var kept = cut[..^1];
                Assert.Equal(Graphemes.Ellipsis, cut[^1]);
                Assert.StartsWith(kept, whole, StringComparison.Ordinal);
                var boundaries = StringInfo.ParseCombiningCharacters(whole).Append(whole.Length);
                Assert.Contains(boundaries, boundary => boundary >= kept.Length
                    && string.IsNullOrWhiteSpace(whole[kept.Length..boundary]));
            }
        },
        iter: PropertyCases.Of(10_000));
}
