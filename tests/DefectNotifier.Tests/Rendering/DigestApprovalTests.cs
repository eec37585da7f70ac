using DefectNotifier.Chat;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Rendering.JsonTemplates;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Rendering;

/// <summary>The messages of digests with the shipped template.</summary>
public sealed class DigestApprovalTests
{
    private static readonly MessageRenderer Renderer = new(
        TemplateStore.Load(new TemplateOptions { Path = "no-such-folder" }, NullLogger<TemplateStore>.Instance),
        PlatformFormats.Formatters,
        new QaseOptions(),
        new FakeTimeProvider());

    public static MatrixTheoryData<string, ChatPlatform> Names => new(
        ["2", "10", "200", "200-reply-1", "10000", "10000-reply-1", "10000-reply-5", "quiet-hours", "silence", "resolved", "no-defects",
            "long-titles"],
        ChatPlatforms.All);

    [Theory]
    [MemberData(nameof(Names))]
    public void Render_Digest_MatchesTheApprovedFile(string name, ChatPlatform platform)
    {
        var parts = name.Split('-');
        var contents = name switch
        {
            "quiet-hours" => SampleDigest.Of(12, Some.Moment) with { Cause = DigestCause.QuietHours, Since = Some.Moment.AddHours(-8) },
            "silence" => SampleDigest.Of(8, Some.Moment) with
            {
                Cause = DigestCause.Silence,
                Silence = new SilenceNote("anna", "known outage of the payment provider"),
                Since = Some.Moment.AddHours(-2),
            },
            "resolved" => DigestSamples.Of(
                DigestSamples.One(7, "Checkout ignores the coupon", "critical", DefectStatus.Resolved),
                DigestSamples.One(8, "Login times out", "minor", DefectStatus.Deleted)),
            "long-titles" => DigestSamples.Of(Enumerable.Range(1, 10_000).Select(id => DigestSamples.One(
                id, $"{id} " + string.Concat(Enumerable.Repeat("Größe & <Preis> ", 20))[..250], "critical", project: $"P{id % 7}"))),
            "no-defects" => DigestSamples.Of(
                DigestSamples.Other("run.completed"), DigestSamples.Other("run.completed"), DigestSamples.Other("case.created")),
            _ => SampleDigest.Of(int.Parse(parts[0]), Some.Moment),
        };

        var result = Renderer.Render(new RenderRequest
        {
            Event = SampleDigest.Event,
            Digest = contents,
            DigestPage = parts is [_, "reply", var page] ? int.Parse(page) : 0,
            ReceivedAt = contents.Cause == DigestCause.Storm ? contents.Since.AddSeconds(10) : Some.Moment,
            Platform = platform,
        });

        Assert.Null(result.Error);
        Assert.Empty(result.Warnings);
        Assert.Empty(RenderedJson.Check(platform, result));
        Approved.Check($"digest/{name}", platform, result.Message.Json);
    }
}
