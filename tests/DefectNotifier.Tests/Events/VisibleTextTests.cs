using DefectNotifier.Events;

namespace DefectNotifier.Tests.Events;

public sealed class VisibleTextTests
{
    /// <summary>Texts of these characters show nothing.</summary>
    public static TheoryData<string> Invisible =>
    [
        "", " ", "\t\r\n", "\0", "\u001B", "\u007F", "\u0085", "\u00A0", "\u00AD", "\u034F", "\u061C", "\u115F\u1160", "\u1680", "\u17B4",
        "\u180B\u180E", "\u2003", "\u200B\u200C\u200D", "\u200E", "\u2028", "\u202E", "\u202F", "\u2060\u2064", "\u2066", "\u2800",
        "\u3000", "\u3164", "\uFE0F", "\uFEFF", "\uFFA0", "\uFFF9", "\U0001D159", "\U0001D173", "\U000E0001\U000E0041\U000E007F",
        "\U000E0100", "\U000E0FFF",
    ];

    [Theory]
    [MemberData(nameof(Invisible))]
    public void IsIn_InvisibleText_IsFalse(string text) => Assert.False(VisibleText.IsIn(text));

    [Theory]
    [MemberData(nameof(Invisible))]
    public void IsIn_InvisibleTextAroundALetter_IsTrue(string text) => Assert.True(VisibleText.IsIn(text + "a" + text));

    [Theory]
    [InlineData("0")]
    [InlineData("–")]
    [InlineData("\u0301")]
    [InlineData("結")]
    [InlineData("👩🏽‍💻")]
    [InlineData("\u2764\uFE0F")]
    [InlineData("\uD83D")]
    [InlineData("\uFFFD")]
    public void IsIn_VisibleText_IsTrue(string text) => Assert.True(VisibleText.IsIn(text));

    [Fact]
    public void IsIn_Null_IsFalse() => Assert.False(VisibleText.IsIn(null));
}
