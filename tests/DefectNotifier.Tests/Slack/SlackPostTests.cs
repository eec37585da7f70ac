using System.Text;
using DefectNotifier.Chat.Slack;

namespace DefectNotifier.Tests.Slack;

public sealed class SlackPostTests
{
    [Theory]
    [InlineData("{}", """{"channel":"C1"}""")]
    [InlineData("""{"text":"a"}""", """{"channel":"C1","text":"a"}""")]
    [InlineData(""" { "text" : "é\u00e9 <&>'" , "blocks":[ {"a":1.0} ] } """, """{"channel":"C1","text":"é\u00e9 <&>'","blocks":[ {"a":1.0} ]}""")]
    [InlineData("""{"channel":"C2","\u0063hannel":"C3","a":{"channel":"C4"}}""", """{"channel":"C1","a":{"channel":"C4"}}""")]
    public void WithChannel_Object_GetsTheChannelAndKeepsTheRest(string message, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(SlackPost.WithChannel(Encoding.UTF8.GetBytes(message), "C1")!.Value.Span));

    [Theory]
    [InlineData("")]
    [InlineData("text")]
    [InlineData("[]")]
    [InlineData("\"{}\"")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("""{"\ud800":1}""")]
    public void WithChannel_AnythingElse_IsNull(string message) =>
        Assert.Null(SlackPost.WithChannel(Encoding.UTF8.GetBytes(message), "C1"));
}
