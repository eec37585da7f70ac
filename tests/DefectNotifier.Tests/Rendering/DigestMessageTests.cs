using System.Text;
using DefectNotifier.Chat;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Rendering.Document;
using DefectNotifier.Tests.Rendering.JsonTemplates;
using DefectNotifier.Tests.Rendering.Templates;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static DefectNotifier.Tests.Rendering.DigestSamples;

namespace DefectNotifier.Tests.Rendering;

public sealed class DigestMessageTests
{
    private const string Link = "https://app.qase.io/defect/WEB";

    [Fact]
    public void Render_Groups_AreOneLineEach()
    {
        var first = string.Join(", ", Enumerable.Range(1, 3).Select(id => $"{{->{Link}/view/{id}|D-{id}}}"));
        Assert.Equal(
            $$"""
            h1 5 new and changed defects in WEB
            p 🔴 {b|4} Blocker · 🟡 {b|1} Major · ✅ {b|2} closed
            - 🔴 {b|4 ×} Login · WEB {{first}} and {->{{Link}}|1 more} · 1 of 4 closed
            - ✅ {s|Basket} · WEB {->{{Link}}/view/5|D-5}
            button Open in Qase -> {{Link}}
            note {date|2026-03-14 15:06 UTC} to {date|2026-03-14 15:09 UTC} · the oldest waited 3 min
            """.ReplaceLineEndings("\n"),
            OutlineOf(Request(Of(
                One(1, "Login", "blocker"), One(2, "Login", "blocker"), One(3, "Login", "blocker"),
                One(4, "Login", "blocker", "resolved"), One(5, "Basket", "major", "resolved")))));
    }

    [Fact]
    public void Render_Reply_ListsTheDefectsOfItsPage()
    {
        var contents = Of(Enumerable.Range(1, 60).Select(id => One(id, $"t{id}", "minor", id == 42 ? "deleted" : null)));

        var first = OutlineOf(Request(contents) with { DigestPage = 1 }).Split('\n');
        var second = OutlineOf(Request(contents) with { DigestPage = 2 }).Split('\n');

        Assert.Equal(("p {b|Defects 1 to 40} of 60", $"- 🟢 {{->{Link}/view/1|WEB D-1}} t1", 41), (first[0], first[1], first.Length));
        Assert.Equal(("p {b|Defects 41 to 60} of 60", "- 🗑️ WEB D-42 {s|t42}", 21), (second[0], second[^1], second.Length));
    }

    [Theory]
    [InlineData(DigestCause.Storm, null, "2 new and changed defects in WEB")]
    [InlineData(DigestCause.QuietHours, null, "2 new and changed defects in WEB during quiet hours")]
    [InlineData(DigestCause.Silence, null, "2 new and changed defects in WEB, silenced")]
    [InlineData(DigestCause.Silence, "known\noutage", "2 new and changed defects in WEB, silenced by anna: known outage")]
    public void Heading_Cause_IsInPlainWords(DigestCause cause, string? why, string heading)
    {
        var contents = Of(One(1, "a"), One(2, "b")) with { Cause = cause, Silence = why is null ? null : new SilenceNote("anna", why) };

        Assert.Equal("h1 " + heading, OutlineOf(Request(contents)).Split('\n')[0]);
    }

    [Fact]
    public void Heading_Counts_AreGrammatical()
    {
        Assert.Equal("1 new and changed defect in WEB", DigestWords.Heading(Of(One(1, "a"))));
        Assert.Equal("1 event", DigestWords.Heading(Of(Other("run.completed", project: null))));
        Assert.Equal(
            "1 new and changed defect and 1 other event in 2 projects",
            DigestWords.Heading(Of(One(1, "a"), Other("run.completed", project: "SHOP"))));
        Assert.Equal("1 new and changed defect", DigestWords.Heading(Of(One(1, "a", project: "\u200B"))));
    }

    [Theory]
    [InlineData("blocker", null, MessageStyle.Attention, "2 new and changed defects in WEB · 1 blocker · 1 critical")]
    [InlineData("blocker", "resolved", MessageStyle.Attention, "2 new and changed defects in WEB · 1 critical")]
    [InlineData("major", null, MessageStyle.Attention, "2 new and changed defects in WEB · 1 critical")]
    public void Render_MostSevereOpenDefect_IsInColourAndNotification(
        string severity, string? status, MessageStyle style, string notification)
    {
        var contents = Of(One(1, "a", severity, status), One(2, "b", "critical"));

        Assert.Equal(style, DocumentOf(Request(contents)).Style);
        Assert.StartsWith($"{{\"text\":\"{notification}\"", JsonOf(ChatPlatform.Slack, contents), StringComparison.Ordinal);
        Assert.Contains($"\"summary\":\"{notification}\"", JsonOf(ChatPlatform.Teams, contents), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("major", null, MessageStyle.Warning)]
    [InlineData("special", null, MessageStyle.Default)]
    [InlineData("blocker", "resolved", MessageStyle.Good)]
    public void Render_OneDefect_HasItsColour(string severity, string? status, MessageStyle style) =>
        Assert.Equal(style, DocumentOf(Request(Of(One(1, "a", severity, status)))).Style);

    [Fact]
    public void Render_NotificationOfAReply_IsItsFirstLine() => Assert.StartsWith(
        "{\"text\":\"Defects 1 to 40 of 200\"",
        JsonOf(ChatPlatform.Slack, SampleDigest.Of(200, Some.Moment), page: 1),
        StringComparison.Ordinal);

    [Fact]
    public void Render_DigestWithoutContents_ShowsSamples()
    {
        var request = Request(Of(One(1, "a"))) with { Digest = null };

        Assert.StartsWith("h1 196 new and changed defects and 4 other events", OutlineOf(request), StringComparison.Ordinal);
        Assert.StartsWith("p {b|Defects 1 to 40} of 200\n", OutlineOf(request with { DigestPage = 1 }), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_OtherMessage_HasAnEmptyDigest()
    {
        using var folder = new TemplateFolder(("default.sbn",
            "x{{ digest.count }}{{ digest.heading }}{{ digest.silence.by }}{{ for group in digest.groups }}{{ group.label }}{{ end }}"));

        Assert.Equal("p x", OutlineOf(Request(null!) with { Digest = null, Event = Some.DefectEvent with { Name = "x.y" } }, folder));
    }

    [Fact]
    public void Render_BrokenFile_IsReplacedByTheBuiltInTemplate()
    {
        using var folder = new TemplateFolder(("digest.sbn", "{{ if }}"));

        Assert.StartsWith("h1 1 new and changed defect in WEB\np ", OutlineOf(Request(Of(One(1, "a"))), folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_FailingTemplate_IsReplacedByThePlainMessage()
    {
        using var folder = new TemplateFolder(("digest.sbn", "{{ nosuch 1 }}"));
        var contents = Of(
        [
            .. Enumerable.Range(1, 30).Select(id => One(id, "Login *fails*", "blocker")),
            One(31, null, status: "resolved"),
            Other("run.completed"),
        ]);

        var message = OutlineOf(Request(contents), folder);
        var reply = OutlineOf(Request(contents) with { DigestPage = 1 }, folder);

        Assert.StartsWith(
            $"""
            h1 31 new and changed defects and 1 other event in WEB
            - 30 × Login *fails* (Blocker, WEB D-1, WEB D-2, WEB D-3)
            - Run completed (WEB)
            - No title (WEB D-31, closed)
            button Open in Qase -> {Link}
            note The template failed, so this is the plain message. digest.sbn:1:4: 
            """.ReplaceLineEndings("\n"),
            message,
            StringComparison.Ordinal);
        Assert.Contains("\n- Login *fails* (Blocker, WEB D-30)\n", reply, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_TemplateSet_HasADigestOfItsOwn()
    {
        using var folder = new TemplateFolder(
            ("finance/digest.sbn", "Finance: {{ digest.count }}"), ("digest.sbn", "All: {{ digest.count }}"));
        var request = Request(Of(One(1, "a")));

        Assert.Equal("p All: 1", OutlineOf(request, folder));
        Assert.Equal("p Finance: 1", OutlineOf(request with { TemplateSet = "finance" }, folder));
    }

    [Fact]
    public void Render_JsonTemplate_ShowsTheGroups()
    {
        using var folder = new TemplateFolder(
            ("slack/digest.json.sbn",
                """
                [ { "type": "header", "text": { "type": "plain_text", "text": "{{ digest.heading }}" } },
                {{ for group in digest.groups }}
                  { "type": "section", "text": { "type": "mrkdwn", "text": "*{{ group.label }}* {{ group.count }}" } },
                {{ end }} ]
                """),
            ("teams/digest.json.sbn",
                """
                { "type": "AdaptiveCard", "version": "1.2", "body": [
                {{ for group in digest.groups }}
                  { "type": "TextBlock", "text": "**{{ group.label }}** {{ group.count }}", "wrap": true },
                {{ end }} ] }
                """));
        var contents = Of(One(1, "<!channel> [x](https://evil.example)", "blocker"), One(2, "\"}], *b*"));

        foreach (var platform in ChatPlatforms.All)
        {
            var result = RendererOf(folder).Render(Request(contents) with { Platform = platform });

            Assert.Null(result.Error);
            Assert.Empty(result.Warnings);
            MessageSafety.Check(platform, result);
            Assert.Contains("\"}], *b* 1", PlatformFormats.Read(platform, result.Message.Json).ToString(), StringComparison.Ordinal);
        }
    }

    /// <summary>
    /// The worst titles: no message is shortened, so all groups, the rest and the links are there. Only titles of nothing but emoji, which
    /// JSON escapes, lose the ends of their lines.
    /// </summary>
    [Theory]
    [InlineData("x")]
    [InlineData("\"")]
    [InlineData("\\")]
    [InlineData("&")]
    [InlineData("*")]
    [InlineData("結")]
    [InlineData("👩🏽‍💻", false)]
    public void Render_LongTitlesAndManyEvents_HasEveryLine(string piece, bool isWhole = true)
    {
        var title = string.Concat(Enumerable.Repeat(piece, 255));
        var contents = Of(Enumerable.Range(0, 10_000).Select(id => One(
            100_000 + id,
            Graphemes.Truncate($"{id % 1_000} {title}", 255),
            "blocker",
            id % 7 == 0 ? "resolved" : null,
            $"PROJECT{id % 10}")));

        foreach (var platform in ChatPlatforms.All)
        {
            foreach (var page in platform == ChatPlatform.Slack ? (int[])[0, 1, 5] : [0])
            {
                var result = RendererOf().Render(Request(contents) with { Platform = platform, DigestPage = page });

                Assert.Empty(RenderedJson.Check(platform, result));
                var text = PlatformFormats.Read(platform, result.Message.Json).ToString();
                Assert.DoesNotContain("shortened", text, StringComparison.Ordinal);
                Assert.Equal(page == 0 ? DigestContents.MaxGroups : DigestContents.ReplySize, text.Count(letter => letter == '•'));
                Assert.Equal(page == 0, text.Contains(" more with other titles", StringComparison.Ordinal));
                if (!isWhole) continue;
                Assert.Equal(
                    result.Message.Text!.Count(letter => letter == Graphemes.Ellipsis), text.Count(letter => letter == Graphemes.Ellipsis));
            }
        }
    }

    private static RenderRequest Request(DigestContents contents) =>
        new() { Event = SampleDigest.Event, Digest = contents, ReceivedAt = Some.Moment, Platform = ChatPlatform.Slack };

    private static string JsonOf(ChatPlatform platform, DigestContents contents, int page = 0) => Encoding.UTF8.GetString(
        RendererOf().Render(Request(contents) with { Platform = platform, DigestPage = page }).Message.Json.Span);

    private static MessageRenderer RendererOf(TemplateFolder? folder = null, IMessageFormatter? formatter = null) => new(
        folder?.Load() ?? TemplateStore.Load(new TemplateOptions { Path = "no-such-folder" }, NullLogger<TemplateStore>.Instance),
        formatter is null ? PlatformFormats.Formatters : [formatter],
        new QaseOptions(),
        new FakeTimeProvider());

    private static MessageDocument DocumentOf(RenderRequest request, TemplateFolder? folder = null)
    {
        var capture = new DocumentCapture();
        RendererOf(folder, capture).Render(request);
        return capture.Document;
    }

    private static string OutlineOf(RenderRequest request, TemplateFolder? folder = null) => Outline.Of(DocumentOf(request, folder));
}
