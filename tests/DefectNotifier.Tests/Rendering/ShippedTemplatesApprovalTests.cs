using DefectNotifier.Chat.Slack;
using DefectNotifier.Chat.Teams;
using DefectNotifier.Events;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Rendering.JsonTemplates;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Rendering;

/// <summary>The messages for every sample webhook with the shipped templates.</summary>
public sealed class ShippedTemplatesApprovalTests
{
    private static readonly MessageRenderer Renderer = new(
        TemplateStore.Load(new TemplateOptions { Path = "no-such-folder" }, NullLogger<TemplateStore>.Instance),
        [new SlackMessageFormatter(), new TeamsMessageFormatter()],
        new QaseOptions(),
        new FakeTimeProvider());

    public static MatrixTheoryData<string, ChatPlatform> Samples =>
        new([.. Payloads.Names, .. Payloads.Notices], [ChatPlatform.Slack, ChatPlatform.Teams]);

    [Theory]
    [MemberData(nameof(Samples))]
    public void Render_Sample_MatchesTheApprovedFile(string sample, ChatPlatform platform)
    {
        var defectEvent = WebhookParser.Parse(Payloads.Read(sample), "").Event!;

        var result = Renderer.Render(new RenderRequest { Event = defectEvent, ReceivedAt = Some.Moment, Platform = platform });

        Assert.Null(result.Error);
        Approved.Check(Path.ChangeExtension(sample, null), platform, result.Message.Json);
    }

    /// <summary>Events of a defect that has other events too.</summary>
    public static MatrixTheoryData<string, ChatPlatform> Timelines =>
        new([.. DefectTimelines.Names], [ChatPlatform.Slack, ChatPlatform.Teams]);

    [Theory]
    [MemberData(nameof(Timelines))]
    public void Render_EventOfAKnownDefect_MatchesTheApprovedFile(string timeline, ChatPlatform platform)
    {
        var (defectEvent, defect) = DefectTimelines.Read(timeline);

        var result =
            Renderer.Render(new RenderRequest { Event = defectEvent, Defect = defect, ReceivedAt = Some.Moment, Platform = platform });

        Assert.Null(result.Error);
        Assert.Empty(RenderedJson.Check(platform, result));
        Approved.Check($"life/{timeline}", platform, result.Message.Json);
    }

    /// <summary>Texts that imitate markup, or that are too long for a message.</summary>
    public static MatrixTheoryData<string, ChatPlatform> Hostile =>
        new(["right-to-left", "emoji", "endless", "template-syntax", "html", "teams-control", "traversal"],
        [ChatPlatform.Slack, ChatPlatform.Teams]);

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Render_HostileText_MatchesTheApprovedFile(string name, ChatPlatform platform)
    {
        var (title, text) = name switch
        {
            "right-to-left" => ("שגיאה בתשלום \u202Egnp.exe", "הסכום שגוי: 42 ₪\nخطأ في الدفع"),
            "emoji" => ("👩🏽‍💻🏴󠁧󠁢󠁳󠁣󠁴󠁿 :tada: 👨‍👩‍👧‍👦", string.Concat(Enumerable.Repeat("👨‍👩‍👧‍👦", 200))),
            "endless" => (new string('x', 60_000), string.Concat(Enumerable.Range(1, 6_000).Select(line => $"line {line}\n"))),
            "template-syntax" => ("{{ 6 * 7 }} {{ include '/etc/passwd' }}", "{{ while true }}{{ end }} {% raw %} ${x} <%= 1 %>"),
            "html" => ("<script>alert(1)</script> <b>b</b>", "<img src=x onerror=alert(1)> &lt;b&gt; &#42;"),
            "teams-control" => ("<at>QA lead</at> {{DATE(2026-01-01T00:00:00Z)}}", "**b** [x](https://evil.example) | a | b |\n# h\n- i"),
            _ => ("../../..", "https://app.qase.io@evil.example/ javascript:alert(1)"),
        };
        var defectEvent = WebhookParser.Parse(Payloads.Read("defect/created.json"), "").Event! with
        {
            Title = title,
            ActualResult = text,
            ProjectCode = name == "traversal" ? ".." : "SHOP"
        };

        var result = Renderer.Render(new RenderRequest { Event = defectEvent, ReceivedAt = Some.Moment, Platform = platform });

        Assert.Null(result.Error);
        Assert.Empty(RenderedJson.Check(platform, result));
        Approved.Check($"hostile/{name}.{platform.Word()}", Approved.Indented(result.Message.Json) + "\n");
    }
}
