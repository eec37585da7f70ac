using System.Text.RegularExpressions;
using CsCheck;
using DefectNotifier.Routing;

namespace DefectNotifier.Tests.Routing;

public sealed class GlobTests
{
    [Theory]
    [InlineData("WEB", "WEB", true)]
    [InlineData("WEB", "web", true)]
    [InlineData("WEB", "WEBS", false)]
    [InlineData("WEB", "", false)]
    [InlineData("", "", true)]
    [InlineData("", "W", false)]
    [InlineData("*", "", true)]
    [InlineData("*", "anything at all", true)]
    [InlineData("SHOP*", "shop-eu", true)]
    [InlineData("SHOP*", "SHOP", true)]
    [InlineData("SHOP*", "WORKSHOP", false)]
    [InlineData("*SHOP", "WORKSHOP", true)]
    [InlineData("*.created", "defect.created", true)]
    [InlineData("*.created", "defect.createdx", false)]
    [InlineData("defect.*", "defect.", true)]
    [InlineData("defect.*", "defectXcreated", false)]
    [InlineData("a*b*c", "aXbXbXc", true)]
    [InlineData("a*b*c", "aXcXb", false)]
    [InlineData("***", "x", true)]
    [InlineData("W?B", "WEB", true)]
    [InlineData("W?B", "WB", false)]
    [InlineData("?", "", false)]
    [InlineData("?*", "x", true)]
    [InlineData("*?", "", false)]
    [InlineData("ÄPFEL", "äpfel", true)]
    [InlineData("[ab]", "a", false)]
    [InlineData("[ab]", "[AB]", true)]
    public void IsMatch_Table_AsExpected(string pattern, string text, bool expected) =>
        Assert.Equal(expected, new Glob(pattern).IsMatch(text));

    [Fact]
    public void IsMatch_AnyPatternAndText_SameAsARegularExpression()
    {
        var pattern = Gen.Char["aAbB.*?"].Array[0, 10].Select(characters => new string(characters));
        var text = Gen.Char["aAbB.\n"].Array[0, 14].Select(characters => new string(characters));

        Gen.Select(pattern, text).Sample(
            (glob, candidate) =>
            {
                var expression = "^" + Regex.Escape(glob).Replace(
                    "\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal) + "\\z";
                var expected = Regex.IsMatch(
                    candidate, expression, RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant);
                Assert.Equal(expected, new Glob(glob).IsMatch(candidate));
            },
            iter: PropertyCases.Of(20_000));
    }

    [Fact]
    public async Task IsMatch_PatternThatForcesBacktracking_IsFast()
    {
        var glob = new Glob(string.Concat(Enumerable.Repeat("*a", 60)));
        var text = new string('a', 100_000) + "b";

        // A backtracking matcher would need exponential time.
        Assert.False(await Task.Run(() => glob.IsMatch(text)).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
    }
}
