using CsCheck;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Tests.Limits;

namespace DefectNotifier.Tests.Rendering.Values;

public class GraphemesCutTests
{
    private const string Family = "\U0001F469\u200D\U0001F469\u200D\U0001F467";

    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "ab…")]
    [InlineData("abcd", 1, "…")]
    [InlineData("e\u0301e\u0301e\u0301", 4, "e\u0301…")]
    [InlineData("x" + Family + "yz", 10, "x" + Family + "…")]
    [InlineData("x" + Family + "yz", 9, "x…")]
    [InlineData("\U0001F600\U0001F600", 3, "\U0001F600…")]
    public void Cut_Text_KeepsWholeClustersWithinTheLimit(string text, int limit, string expected) =>
        Assert.Equal(expected, Graphemes.Cut(text, limit));

    [Fact]
    public void Cut_EndlessCluster_IsCutBetweenCodePoints()
    {
        var text = "a" + string.Concat(Enumerable.Repeat("\U0001D165", 40_000));

        var cut = Graphemes.Cut(text, 100);

        Assert.InRange(cut.Length, 99, 100);
        Assert.Equal(cut, Graphemes.ReplaceLoneSurrogates(cut));
    }

    [Fact]
    public void Cut_AnyText_FitsAndSplitsNoSurrogatePair() =>
        Gen.Select(AnyDocument.HostileText.Array[0, 20], Gen.Int[1, 200]).Sample((texts, limit) =>
        {
            var cut = Graphemes.Cut(Graphemes.ReplaceLoneSurrogates(string.Concat(texts)), limit);

            Assert.True(cut.Length <= limit);
            Assert.Equal(cut, Graphemes.ReplaceLoneSurrogates(cut));
        }, iter: PropertyCases.Of(2_000));

    [Fact]
    public void ReplaceLoneSurrogates_Text_KeepsPairs()
    {
        // Not as inline data: an attribute cannot hold a lone surrogate.
        Assert.Equal("ok \U0001F600", Graphemes.ReplaceLoneSurrogates("ok \U0001F600"));
        Assert.Equal("a\uFFFD", Graphemes.ReplaceLoneSurrogates("a\uD83D"));
        Assert.Equal("\uFFFD\uFFFDb", Graphemes.ReplaceLoneSurrogates("\uDE00\uD83Db"));
    }
}
