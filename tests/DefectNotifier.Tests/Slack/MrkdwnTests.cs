using DefectNotifier.Chat.Slack.Blocks;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Tests.Slack;

public class MrkdwnTests
{
    [Theory]
    [InlineData("plain", true)]
    [InlineData("a: b: c", true)]
    [InlineData("see https://example.com/x", true)]
    [InlineData("a > b", true)]
    [InlineData("12:30", true)]
    [InlineData("10:30:45", false)] // Any word between colons may be a custom emoji.
    [InlineData("a :+1: b", false)]
    [InlineData("::", true)]
    [InlineData("> b", false)]
    [InlineData("a\n  > b", false)]
    [InlineData("a*b", false)]
    [InlineData("a_b", false)]
    [InlineData("a~b", false)]
    [InlineData("a`b", false)]
    public void IsLiteral_Text_IsTrueWhenEscapingIsEnough(string text, bool expected) => Assert.Equal(expected, Mrkdwn.IsLiteral(text));

    [Fact]
    public void TryFormat_EmojiSplitOverRuns_IsNull() =>
        Assert.Null(Mrkdwn.TryFormat([new MessageInline("a :ta"), new MessageInline("da:", InlineStyle.Bold)]));

    [Theory]
    [InlineData("a ", "b", " c", "a *b* c")]
    [InlineData("a", "b", " c", null)]
    [InlineData("a ", "b", "c", null)]
    [InlineData("a ", " b", " c", null)]
    [InlineData("a ", "b\nb", " c", null)]
    public void TryFormat_BoldRun_NeedsSpacesAround(string before, string bold, string after, string? expected) =>
        Assert.Equal(
            expected, Mrkdwn.TryFormat([new MessageInline(before), new MessageInline(bold, InlineStyle.Bold), new MessageInline(after)]));

    [Theory]
    [InlineData("a|b")]
    [InlineData("a\nb")]
    public void TryFormat_LabelThatWouldEndTheLink_IsNull(string label) =>
        Assert.Null(Mrkdwn.TryFormat([new MessageInline(label) { Url = "https://example.com/" }]));

    [Fact]
    public void TryFormat_LinkedDate_KeepsDateAndLink() => Assert.Equal(
        "<!date^60^{date_short_pretty} {time}^https://example.com/?a=1&amp;b=2|&lt;then&gt;>",
        Mrkdwn.TryFormat(
            [new MessageInline("<then>") { Date = DateTimeOffset.UnixEpoch.AddMinutes(1), Url = "https://example.com/?a=1&b=2" }]));

    [Fact]
    public void TryFormat_AllStyles_CloseInReverse() => Assert.Equal(
        "*_~`x`~_*", Mrkdwn.TryFormat(
            [new MessageInline("x", InlineStyle.Bold | InlineStyle.Italic | InlineStyle.Strike | InlineStyle.Code)]));
}
