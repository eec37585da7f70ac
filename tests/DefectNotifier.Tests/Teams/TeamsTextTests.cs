using DefectNotifier.Chat.Teams.Cards;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Tests.Teams;

public class TeamsTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("{{ x }} {DATE(", "{{ x }} {DATE(")]
    [InlineData("{{DATE(2020)}}", "{\u2060{DATE(2020)}}")]
    [InlineData("a {{{time(2020)}} b", "a {{\u2060{time(2020)}} b")]
    public void Literal_Text_BreaksDateFunctionsOnly(string text, string expected) => Assert.Equal(expected, TeamsText.Literal(text));

    [Theory]
    // Links are broken, nothing else: iPhones read Markdown here.
    [InlineData("see [qase.io/D-41](https://evil.example/login)", "see [qase.io/D-41]J(https://evil.example/login)")]
    [InlineData("*b* a[0] (c) {{DATE(2020)}}", "*b* a[0] (c) {J{DATE(2020)}}")]
    // Leading and repeated spaces are kept. A single space between two runs stays as it is.
    [InlineData("at A()\n  at B()\n\tat C()", "at A()\nNNat B()\nNNNNat C()")]
    [InlineData(" a b  c\td", " a bN cNNN d")]
    public void TextRun_Text_IsLiteral(string text, string expected) =>
        Assert.Equal(Marked(expected), TeamsText.TextRun(text, isCode: false));

    [Fact]
    public void TextRun_Code_KeepsTheIndentOfItsFirstLine() =>
        Assert.Equal(Marked("NNx = 1\nNy"), TeamsText.TextRun("  x = 1\n y", isCode: true));

    [Theory]
    [InlineData("D-42, 14.03.2026 (a) + b = c!d", "D-42, 14.03.2026 (a) + b = c!d")]
    [InlineData("*b* _i_ [x]", @"\*b\* \_i\_ [x]J")]
    [InlineData(@"C:\temp\*.log\", @"C:\Jtemp\J\*.log\J")]
    [InlineData("14. March", "14J. March")]
    [InlineData("1) a", "1J) a")]
    [InlineData("- item", "J- item")]
    [InlineData("(a)- b", "J(a)J- b")]
    [InlineData("# h", "J# h")]
    [InlineData("> q", "J> q")]
    [InlineData("=====", "J=====")]
    [InlineData("| a | b |", "J| a | b |")]
    [InlineData("~~s~~", "J~J~s~J~J")]
    [InlineData("<b>&lt;</b> & <https://evil.example> a<1", "<Jb>&Jlt;<J/b> & <Jhttps://evil.example> a<1")]
    [InlineData("<1+a@x.example> <1@", "<J1+a@x.example> <J1@")]
    [InlineData("<at>QA lead</at>", "<Jat>QA lead<J/at>")]
    [InlineData("![i](https://evil.example)", "![i]J(https://evil.example)")]
    [InlineData("[x]: https://evil.example", "[x]J: https://evil.example")]
    [InlineData("wow!", "wow!J")]
    [InlineData("don`t", "don`t")]
    [InlineData("`code`", @"\`code\`")]
    [InlineData("{{DATE(2020)}}", "J{J{DATE(2020)}}")]
    [InlineData("two\r\nlines\nmore", "two lines more")]
    public void EscapeMarkdown_Text_IsLiteral(string text, string expected) =>
        Assert.Equal(Marked(expected), TeamsText.EscapeMarkdown(text));

    [Fact]
    public void ToMarkdown_Runs_KeepLinksAndAreTrimmed() => Assert.Equal(
        @"see [a\]b](https://example.com/?x=1&copy%3B=2) \*now\*",
        TeamsText.ToMarkdown([
            new MessageInline("    see "),
            new MessageInline("a]b", InlineStyle.Bold) { Url = "https://example.com/?x=1&copy;=2" },
            new MessageInline(" *now* ") { Date = DateTimeOffset.UnixEpoch },
        ]));

    [Theory]
    // A template may continue with ")" or ".", and would begin a list.
    [InlineData("a\n1", InlineStyle.None, "a\n\n1J")]
    [InlineData("a\n123456789", InlineStyle.None, "a\n\n123456789J")]
    [InlineData("a\n1234567890", InlineStyle.None, "a\n\n1234567890")]
    [InlineData("a\n1b", InlineStyle.None, "a\n\n1b")]
    [InlineData("1", InlineStyle.None, "1")]
    [InlineData("a\n1", InlineStyle.Bold, "**a**\n\n**1**")]
    public void ToStyledMarkdown_LastLineIsANumber_BeginsNoList(string text, InlineStyle style, string expected) =>
        Assert.Equal(Marked(expected), TeamsText.ToStyledMarkdown(new MessageInline(text, style), hasCode: false));

    [Fact]
    public void ToStyledMarkdown_MarksBesidePunctuation_EncloseAWord() => Assert.Equal(
        Marked("a**J(b)J**c\n\nJNNNNd"),
        TeamsText.ToStyledMarkdown([new MessageInline("a"), new MessageInline("(b)", InlineStyle.Bold), new MessageInline("c\n    d")]));

    /// <summary>J stands for a word joiner, N for a no-break space.</summary>
    private static string Marked(string text) =>
        text.Replace("J", "\u2060", StringComparison.Ordinal).Replace("N", "\u00A0", StringComparison.Ordinal);
}
