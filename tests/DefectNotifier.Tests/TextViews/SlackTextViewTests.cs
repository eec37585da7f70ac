using System.Text;
using DefectNotifier.Chat.Slack;
using DefectNotifier.Chat.TextViews;

namespace DefectNotifier.Tests.TextViews;

public class SlackTextViewTests
{
    [Fact]
    public void Render_MessageWithEveryBlock_ShowsTheTextOfTheChat() => Assert.Equal(
        """
        Cart <total> & *tax*
        ====================
        Reported by Ann in WEB-17 <https://app.qase.io/defect/WEB/view/17>
        Severity: A & B
        Since: 23 Nov
        File: a_b*c
        Browser | Result | –
        Firefox | failed | log <https://app.qase.io/defect/WEB/view/17>
        │ it broke
        │ again
            at Add()
              at Sum()
        1. open
        2. click
          • twice
        [image: shot] <https://example.com/a.png>
        ────────────────────────────────────────────────────────────
        [Open] <https://app.qase.io/defect/WEB/view/17> [Run] <https://example.com/>
        · sent by hand

        """,
        SlackTextView.Render(new SlackMessageFormatter().Format(SampleDocument.OfEveryKind).Json));

    [Theory]
    [InlineData("not json", "[not JSON]")]
    [InlineData("[]", "")]
    [InlineData("null", "")]
    [InlineData("{}", "")]
    [InlineData(
        """{"blocks":[{"type":"carousel","elements":[{"type":"card","title":{"type":"mrkdwn","text":"*a*"},"actions":["""
            + """{"type":"button","text":{"type":"plain_text","text":"Open"},"url":"https://e.com/"}]}]},"""
            + """{"type":"container","title":{"type":"plain_text","text":"b"},"child_blocks":[{"type":"divider"},"""
            + """{"type":"data_table","caption":"c","rows":"""
            + """[[{"type":"raw_text","text":"d"},{"type":"raw_number","value":1,"text":"1"}]]}]}]}""",
        "a\n[Open] <https://e.com/>\nb\n────────────────────────────────────────────────────────────\nc\nd | 1")]
    [InlineData("""{"text":"*only* text &amp; &lt;b&gt;"}""", "only text & <b>")]
    [InlineData("""{"blocks":[{"type":"plan"},{"typ":1},7]}""", "[plan]\n[]\n[]")]
    [InlineData(
        """{"blocks":[{"type":"section","text":{"type":"mrkdwn","text":"*b* _i_ ~s~ `a*b*c`"""
            + """\n&gt; said <@U1> <!here> <#C1|general> <!subteam^S1|qa> <https://e.com/a_b_c|see> <https://e.com>"}}]}""",
        "b i s a*b*c\n│ said @U1 @here #general qa see <https://e.com/a_b_c> https://e.com")]
    [InlineData(
        """{"blocks":[{"type":"section","text":{"type":"plain_text","text":"*b* &amp;"},"accessory":"""
            + """{"type":"button","text":{"type":"plain_text","text":"Go"}}}]}""",
        "*b* &amp;\n[Go]")]
    [InlineData(
        """{"blocks":[{"type":"section","fields":[{"type":"mrkdwn","text":"*A*\n1"},{"type":"mrkdwn","text":"2 * 3 * 4"}]}]}""",
        "A: 1\n2 * 3 * 4")]
    [InlineData("""{"blocks":[{"type":"actions","elements":[{"type":"datepicker"}]}]}""", "[datepicker]")]
    [InlineData(
        """{"blocks":[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"emoji","name":"tada"},"""
            + """{"type":"user","user_id":"U1"},{"type":"broadcast","range":"here"},{"type":"link","url":"https://e.com/"},"""
            + """{"type":"date","timestamp":0},{"type":"new"}]}]}]}""",
        ":tada:@U1@herehttps://e.com/1970-01-01 00:00 UTC[new]")]
    [InlineData("""{"attachments":[{"color":"#f00","blocks":[{"type":"header","text":{"type":"plain_text","text":"x"}}]}]}""", "│ x\n│ =")]
    [InlineData("""{"blocks":[{"type":"header","text":{"type":"plain_text","text":"\ud83d"}}]}""", "\uFFFD\n=")]
    [InlineData("""{"blocks":[{"type":"markdown","text":"\u001b[31mred"}]}""", "\uFFFD[31mred")]
    public void Render_AnyJson_ShowsWhatItKnows(string json, string expected) =>
        Assert.Equal(expected, SlackTextView.Render(Encoding.UTF8.GetBytes(json)).TrimEnd('\n'));
}
