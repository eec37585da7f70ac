using CsCheck;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Linting;

namespace DefectNotifier.Tests.Linting;

public sealed class GlobCoverTests
{
    // Long enough for the shortest difference between any two of the tested patterns.
    private static readonly string[] Texts = [.. Enumerable.Range(0, 8).SelectMany(TextsOf)];

    [Fact]
    public void Covers_AnyPatterns_AgreesWithMatchingEveryText() =>
        Gen.Select(Patterns(3).Array[0, 3], Patterns(3)).Sample((wide, narrow) =>
        {
            var globs = wide.Select(pattern => new Glob(pattern)).ToList();
            var asked = new Glob(narrow);

            var expected = !Texts.Any(text => asked.IsMatch(text) && !globs.Exists(glob => glob.IsMatch(text)));

            Assert.Equal(expected, GlobCover.Covers(globs, asked));
        }, iter: PropertyCases.Of(2000));

    [Theory]
    [InlineData("defect.*", "defect.created", true)]
    [InlineData("DEFECT.*", "defect.c*", true)]
    [InlineData("defect.created", "defect.*", false)]
    [InlineData("*", "*****", true)]
    public void Covers_Examples(string wide, string narrow, bool expected) =>
        Assert.Equal(expected, GlobCover.Covers([new Glob(wide)], new Glob(narrow)));

    [Fact]
    public void Covers_SeveralPatternsTogether_IsTrue() =>
        Assert.True(GlobCover.Covers([new Glob("a*"), new Glob("?"), new Glob(""), new Glob("?*b")], new Glob("a*")));

    [Fact]
    public void Covers_HugePatterns_EndsEarly() =>
        Assert.False(GlobCover.Covers([Repeated("*a?b*", 40), Repeated("?*b*a", 40)], Repeated("*a*b", 50)));

    private static Glob Repeated(string pattern, int count) => new(string.Concat(Enumerable.Repeat(pattern, count)));

    private static Gen<string> Patterns(int maxLength) => Gen.Char["ab*?"].Array[0, maxLength].Select(letters => new string(letters));

    private static IEnumerable<string> TextsOf(int length) =>
        length == 0 ? [""] : TextsOf(length - 1).SelectMany(text => new[] { text + "a", text + "B", text + "c" });
}
