using System.Text.Json;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Slack;

/// <summary>The checker accepts a valid message and reports each kind of violation.</summary>
public class SlackRulesTests
{
    private const string Good =
        """{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"x"}]}]}""";

    [Fact]
    public void Check_ValidMessage_HasNoFindings() => Assert.Empty(Check(Good,
        """{"type":"header","text":{"type":"plain_text","text":"x","emoji":false}}""",
        """{"type":"section","fields":[{"type":"mrkdwn","text":"x","verbatim":true}]}""",
        """{"type":"context","elements":[{"type":"mrkdwn","text":"x"}]}""",
        """
        {"type":"actions","elements":[
            {"type":"button","text":{"type":"plain_text","text":"x"},"url":"https://e.com/","action_id":"a"}]}
        """,
        """{"type":"image","image_url":"https://e.com/","alt_text":"x"}""", """{"type":"divider"}"""));

    [Theory]
    [InlineData("""{"blocks":[{"type":"divider"}],"unfurl_links":false,"unfurl_media":false}""", "'text' is missing")]
    [InlineData("""{"text":"","blocks":[{"type":"divider"}],"unfurl_links":false,"unfurl_media":false}""", "'text' is empty")]
    [InlineData("""{"text":"#3001#","blocks":[{"type":"divider"}],"unfurl_links":false,"unfurl_media":false}""", "more than 3000")]
    [InlineData("""{"text":"x","blocks":[{"type":"divider"}],"unfurl_links":true,"unfurl_media":false}""", "'unfurl_links'")]
    [InlineData("""{"text":"x","blocks":[{"type":"divider"}],"unfurl_links":false}""", "'unfurl_media'")]
    [InlineData("""{"text":"x","blocks":[],"unfurl_links":false,"unfurl_media":false}""", "fewer than 1")]
    [InlineData("""{"text":"x","unfurl_links":false,"unfurl_media":false}""", "'blocks' is missing")]
    [InlineData(
        """{"text":"x","blocks":[{"type":"divider"}],"unfurl_links":false,"unfurl_media":false,"link_names":true}""",
        "unknown property 'link_names'")]
    public void Check_InvalidMessage_IsReported(string json, string expected) => AssertFound(SlackRules.Check(Parse(json)), expected);

    [Theory]
    [InlineData("""{"type":"alert"}""", "unknown block type")]
    [InlineData("""{"type":"divider","text":"x"}""", "unknown property")]
    [InlineData("""{"type":"header","text":{"type":"plain_text","text":"#151#"}}""", "more than 150")]
    [InlineData("""{"type":"header","text":{"type":"plain_text","text":""}}""", "is empty")]
    [InlineData("""{"type":"header","text":{"type":"mrkdwn","text":"x"}}""", "of type 'mrkdwn'")]
    [InlineData("""{"type":"header","text":{"type":"plain_text","text":"x","verbatim":true}}""", "unknown property 'verbatim'")]
    [InlineData("""{"type":"section"}""", "neither")]
    [InlineData("""{"type":"section","text":{"type":"mrkdwn","text":"#3001#"}}""", "more than 3000")]
    [InlineData("""{"type":"section","fields":[{"type":"mrkdwn","text":"#2001#"}]}""", "more than 2000")]
    [InlineData("""{"type":"section","fields":[*11*{"type":"mrkdwn","text":"x"}]}""", "more than 10")]
    [InlineData("""{"type":"section","fields":[{"type":"mrkdwn","text":"x","emoji":true}]}""", "unknown property 'emoji'")]
    [InlineData("""{"type":"context","elements":[*11*{"type":"mrkdwn","text":"x"}]}""", "more than 10")]
    [InlineData("""{"type":"context","elements":[]}""", "fewer than 1")]
    [InlineData("""{"type":"context","elements":[{"type":"mrkdwn","text":"#3001#"}]}""", "more than 3000")]
    [InlineData(
        """{"type":"actions","elements":["""
            + """*26*{"type":"button","text":{"type":"plain_text","text":"x"},"url":"https://e.com/","action_id":"a"}]}""",
        "more than 25")]
    [InlineData(
        """{"type":"actions","elements":["""
            + """*2*{"type":"button","text":{"type":"plain_text","text":"x"},"url":"https://e.com/","action_id":"a"}]}""",
        "used 2 times")]
    [InlineData(
        """{"type":"actions","elements":["""
            + """{"type":"button","text":{"type":"plain_text","text":"#76#"},"url":"https://e.com/","action_id":"a"}]}""",
        "more than 75")]
    [InlineData(
        """{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"x"},"url":"/e","action_id":"a"}]}""",
        "not an absolute")]
    [InlineData(
        """{"type":"actions","elements":["""
            + """{"type":"button","text":{"type":"plain_text","text":"x"},"url":"javascript:x","action_id":"a"}]}""",
        "not an absolute")]
    [InlineData(
        """{"type":"actions","elements":["""
            + """{"type":"button","text":{"type":"plain_text","text":"x"},"url":"https://e.com/#3000#","action_id":"a"}]}""",
        "more than 3000")]
    [InlineData(
        """{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"x"},"url":"https://e.com/"}]}""",
        "'action_id' is missing")]
    [InlineData(
        """{"type":"actions","elements":["""
            + """{"type":"button","text":{"type":"plain_text","text":"x"},"url":"https://e.com/","action_id":"#256#"}]}""",
        "more than 255")]
    [InlineData(
        """{"type":"actions","elements":["""
            + """{"type":"menu","text":{"type":"plain_text","text":"x"},"url":"https://e.com/","action_id":"a"}]}""",
        "'type' is 'menu'")]
    [InlineData("""{"type":"image","image_url":"mailto:a@e.com","alt_text":"x"}""", "not an absolute")]
    [InlineData("""{"type":"image","image_url":"https://e.com/","alt_text":""}""", "is empty")]
    [InlineData("""{"type":"image","image_url":"https://e.com/","alt_text":"#2001#"}""", "more than 2000")]
    [InlineData("""{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a"}""", "'block_id' is used 2 times")]
    [InlineData("""*51*{"type":"divider"}""", "more than 50")]
    [InlineData("""*4*{"type":"section","text":{"type":"mrkdwn","text":"#2400#"}}""", "9600 characters in all")]
    [InlineData(
        """{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[*700*{"type":"text","text":"x"}]}]}""",
        "characters of JSON")]
    [InlineData("""{"type":"rich_text","elements":[]}""", "fewer than 1")]
    [InlineData(
        """{"type":"rich_text","elements":[{"type":"rich_text_table","elements":[{"type":"text","text":"x"}]}]}""", "unknown element type")]
    [InlineData("""{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":""}]}]}""", "is empty")]
    [InlineData(
        """{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"users","user_id":"U12"}]}]}""",
        "unknown run type")]
    [InlineData(
        """{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"user","user_id":"S12"}]}]}""",
        "'user_id' is 'S12'")]
    [InlineData(
        """{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"usergroup","usergroup_id":"S1>"}]}]}""",
        "'usergroup_id' is 'S1>'")]
    [InlineData(
        """{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"broadcast","range":"all"}]}]}""",
        "'range' is 'all'")]
    [InlineData(
        """{"type":"rich_text","elements":[{"type":"rich_text_section","elements":["""
            + """{"type":"text","text":"x","style":{"underline":true}}]}]}""",
        "unknown property 'underline'")]
    [InlineData(
        """{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"link","text":"x","url":"x"}]}]}""",
        "not an absolute")]
    [InlineData(
        """{"type":"rich_text","elements":[{"type":"rich_text_section","elements":["""
            + """{"type":"date","timestamp":-1,"format":"{date}","fallback":"x"}]}]}""",
        "before 1970")]
    [InlineData(
        """{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"date","timestamp":1,"format":"{date}"}]}]}""",
        "'fallback' is missing")]
    [InlineData("""{"type":"rich_text","elements":[{"type":"rich_text_list","style":"dash","elements":[]}]}""", "'style' is 'dash'")]
    [InlineData("""{"type":"rich_text","elements":[{"type":"rich_text_list","elements":[]}]}""", "'style' is missing")]
    [InlineData(
        """{"type":"rich_text","elements":[{"type":"rich_text_list","style":"bullet","indent":9,"elements":[]}]}""", "'indent' is 9")]
    [InlineData(
        """{"type":"rich_text","elements":[{"type":"rich_text_list","style":"ordered","offset":-1,"elements":[]}]}""", "'offset' is -1")]
    [InlineData(
        """{"type":"rich_text","elements":[{"type":"rich_text_list","style":"bullet","elements":["""
            + """{"type":"rich_text_quote","elements":[]}]}]}""",
        "sections only")]
    public void Check_InvalidBlock_IsReported(string block, string expected) => AssertFound(Check(block), expected);

    private static IReadOnlyList<string> Check(params string[] blocks) =>
        SlackRules.Check(Parse($$"""{"text":"x","blocks":[{{string.Join(',', blocks)}}],"unfurl_links":false,"unfurl_media":false}"""));

    private static JsonElement Parse(string json) => JsonElement.Parse(Shorthand.Expand(json));

    private static void AssertFound(IReadOnlyList<string> findings, string expected) =>
        Assert.Contains(findings, finding => finding.Contains(expected, StringComparison.Ordinal));
}
