using CsCheck;
using DefectNotifier.Worker.Commands.Replaying;

namespace DefectNotifier.Tests.Commands.Replaying;

public sealed class LineDiffTests
{
    private static readonly Gen<(char[], char[])> AnyTexts = Gen.Select(Gen.Char["ab"].Array[0, 8], Gen.Char["bc"].Array[0, 8]);

    [Theory]
    [InlineData("a\nb\nc", "a\nb\nc", "")]
    [InlineData("a\nb\nc", "a\nx\nc", "  a|- b|+ x|  c")]
    [InlineData("a\nb\nc\nd\ne", "a\nb\nc\nd", "  d|- e")]
    [InlineData("a", "a\nb", "  a|+ b")]
    public void Of_TwoTexts_ReturnsChangesWithTheirNeighbours(string before, string after, string expected) =>
        Assert.Equal(expected, string.Join('|', LineDiff.Of(before, after)));

    [Fact]
    public void Of_AnyTexts_ContainsEveryLineThatOnlyOneHas() => AnyTexts.Sample((before, after) =>
    {
        var lines = LineDiff.Of(string.Join('\n', before), string.Join('\n', after));

        Assert.Equal(before.Count(letter => letter == 'a'), lines.Count(line => line == "- a"));
        Assert.Equal(after.Count(letter => letter == 'c'), lines.Count(line => line == "+ c"));
        Assert.Equal(
            after.Length - before.Length,
            lines.Count(line => line[0] == '+' && line.Length > 2) - lines.Count(line => line[0] == '-' && line.Length > 2));
    });
}
