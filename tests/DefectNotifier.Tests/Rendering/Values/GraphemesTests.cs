using System.Globalization;
using CsCheck;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Tests.Rendering.Values;

public sealed class GraphemesTests
{
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
    public void Truncate_AnyText_KeepsTheLimitAndWholeCharacters()
    {
        var text = Gen.OneOf("a", " ", "\n", "\r\n", "e\u0301", "👩🏽‍💻", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🇩🇪",
            "結", "\u200D", "\uD83D", "\uDC69").Array[0, 12]
            .Select(string.Concat);

        Gen.Select(text, Gen.Int[0, 40]).Sample(
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
}
