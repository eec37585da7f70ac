using DefectNotifier.Events;

namespace DefectNotifier.Tests.Events;

public sealed class SeverityTests
{
    [Fact]
    public void Known_Position_IsQasesNumber() =>
        Assert.Equal(
            ["undefined", "blocker", "critical", "major", "normal", "minor", "trivial"],
            Severity.Known.Select(severity => severity.Slug));

    [Fact]
    public void Parse_SlugLabelOrNumber_IsTheKnownSeverity()
    {
        for (var number = 0; number < Severity.Known.Count; number++)
        {
            var severity = Severity.Known[number];
            Assert.Same(severity, Severity.Parse(severity.Slug));
            Assert.Same(severity, Severity.Parse(severity.Label.ToUpperInvariant()));
            Assert.Same(severity, Severity.Parse($" {number} "));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t")]
    public void Parse_Blank_Null(string? text) => Assert.Null(Severity.Parse(text));

    [Fact]
    public void Parse_Unknown_KeepsTheTextAsLabel() =>
        Assert.Equal(new Severity("s1 urgent", "S1 Urgent", null), Severity.Parse(" S1 Urgent "));

    [Theory]
    [InlineData("7")]
    [InlineData("-1")]
    [InlineData("urgent")]
    [InlineData("")]
    public void TryParseKnown_Unknown_IsFalse(string text) => Assert.False(Severity.TryParseKnown(text, out _));
}
