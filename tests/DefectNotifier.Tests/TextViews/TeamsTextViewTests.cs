using System.Text;
using DefectNotifier.Chat.Teams;
using DefectNotifier.Chat.TextViews;

namespace DefectNotifier.Tests.TextViews;

public class TeamsTextViewTests
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
        TeamsTextView.Render(new TeamsMessageFormatter().Format(SampleDocument.OfEveryKind).Json));

    [Theory]
    [InlineData("not json", "[not JSON]")]
    [InlineData("7", "")]
    [InlineData("""{"type":"message","attachments":[{}]}""", "")]
    [InlineData("""{"text":"old **style** \\*text\\*"}""", "old style *text*")]
    [InlineData("""{"type":"AdaptiveCard","body":[{"type":"Badge"},7]}""", "[Badge]\n[]")]
    [InlineData(
        """{"type":"AdaptiveCard","body":["""
            + """{"type":"TextBlock","text":"**b** _i_ [see \\[it\\]](https://e.com/a_b) """
            + """&lt;x&gt; a\\_b [not a link]","isSubtle":true}]}""",
        "· b i see [it] <https://e.com/a_b> <x> a_b [not a link]")]
    [InlineData(
        """{"type":"AdaptiveCard","body":[{"type":"TextBlock","text":"Title","size":"large","weight":"bolder"}],"actions":["""
            + """{"type":"Action.OpenUrl","title":"Go","url":"https://e.com/"},{"type":"Action.Submit","title":"No"}]}""",
        "Title\n=====\n[Go] <https://e.com/> [No]")]
    [InlineData(
        """{"type":"AdaptiveCard","body":["""
            + """{"type":"ColumnSet","columns":[{"items":[{"type":"RichTextBlock","inlines":["a",{"type":"TextRun","text":"b"}]}]}]},"""
            + """{"type":"ImageSet","images":[{"type":"Image","url":"https://e.com/","altText":"x"}]}]}""",
        "ab\n[image: x] <https://e.com/>")]
    [InlineData(
        """{"type":"AdaptiveCard","body":[{"type":"Container","style":"emphasis","items":[]},{"type":"Container","items":["""
            + """{"type":"TextBlock","text":"a\tb\u0007"}]}]}""",
        "a\tb\uFFFD")]
    public void Render_AnyJson_ShowsWhatItKnows(string json, string expected) =>
        Assert.Equal(expected, TeamsTextView.Render(Encoding.UTF8.GetBytes(json)).TrimEnd('\n'));
}
