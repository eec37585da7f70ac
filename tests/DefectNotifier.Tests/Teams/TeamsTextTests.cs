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

    [Fact]
    public void EscapeMarkdown_EveryMarkdownCharacter_HasABackslash() =>
        Assert.Equal(@"\\\`\*\_\{\}\[\]\(\)\#\+\-\.\!\|\~", TeamsText.EscapeMarkdown(@"\`*_{}[]()#+-.!|~"));

    [Theory]
    [InlineData("<at>x</at> & y", "&lt;at&gt;x&lt;/at&gt; &amp; y")]
    [InlineData("two\r\nlines\nmore", "two lines more")]
    [InlineData("&amp;", "&amp;amp;")]
    public void EscapeMarkdown_Text_IsLiteral(string text, string expected) => Assert.Equal(expected, TeamsText.EscapeMarkdown(text));

    [Fact]
    public void ToMarkdown_Runs_KeepLinksAndAreTrimmed() => Assert.Equal(
        @"see [a\]b](https://example.com/?x=1&copy%3B=2) \*now\*",
        TeamsText.ToMarkdown([
            new MessageInline("    see "),
            new MessageInline("a]b", InlineStyle.Bold) { Url = "https://example.com/?x=1&copy;=2" },
            new MessageInline(" *now* ") { Date = DateTimeOffset.UnixEpoch },
        ]));
}
