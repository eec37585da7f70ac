using System.Text.Json;
using CsCheck;
using DefectNotifier.Chat;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Rendering.JsonTemplates;
using DefectNotifier.Tests.Rendering.Templates;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Rendering;

/// <summary>Any text in titles, projects, severities and silences of a digest: the message is valid, and every value is literal.</summary>
public sealed class AnyDigestTests
{
    private static readonly TemplateStore Shipped =
        TemplateStore.Load(new TemplateOptions { Path = "no-such-folder" }, NullLogger<TemplateStore>.Instance);

    private static readonly string[] Titles = ["Login", "<!channel> evil", "*b* [x](https://evil.example)", new string('W', 255)];

    private static readonly string[] ForeignTypes = ["user", "usergroup", "channel", "broadcast", "emoji", "markdown", "mention"];

    // Most titles and projects are repeated, so that there are groups.
    private static readonly Gen<DigestEvent> Event = Gen.Select(
        Gen.Long[1, 500],
        Gen.Frequency((1, AnyTextTests.Text), (1, Gen.OneOf(Titles))),
        Gen.Frequency((1, AnyTextTests.Text), (2, Gen.OneOf("blocker", "minor", "", "evil"))),
        Gen.OneOf((string?)null, "open", "resolved", "deleted", "evil"),
        Gen.Frequency((1, AnyTextTests.Text), (3, Gen.OneOf("WEB", "web", "..", "evil/..", "結"))),
        (id, title, severity, status, project) => id % 20 == 0
            ? DigestSamples.Other(title, project)
            : DigestSamples.One(id, title, severity, status, project));

    private static readonly Gen<DigestContents> Contents = Gen.Select(
        Event.Array[1, 120], Gen.Enum<DigestCause>(), AnyTextTests.Text, AnyTextTests.Text,
        (events, cause, by, why) => DigestSamples.Of(events) with
        {
            Cause = cause,
            Silence = cause == DigestCause.Silence ? new SilenceNote(by, why) : null,
        });

    [Fact]
    public void Render_AnyDigest_IsValidAndLiteral() => Check(Shipped, hasError: false);

    [Fact]
    public void Render_AnyDigestWithAFailingTemplate_IsValidAndLiteral()
    {
        using var folder = new TemplateFolder(("digest.sbn", "{{ nosuch 1 }}"));
        Check(folder.Load(), hasError: true);
    }

    private static void Check(TemplateStore templates, bool hasError)
    {
        var renderer = new MessageRenderer(templates, PlatformFormats.Formatters, new QaseOptions(), new FakeTimeProvider());
        Contents.Sample(
            contents =>
            {
                foreach (var platform in ChatPlatforms.All)
                {
                    for (var page = 0; page <= contents.Replies; page++)
                    {
                        var result = renderer.Render(new RenderRequest
                        {
                            Event = SampleDigest.Event,
                            Digest = contents,
                            DigestPage = page,
                            ReceivedAt = Some.Moment,
                            Platform = platform,
                        });

                        Assert.Equal(hasError, result.Error is not null);
                        Assert.Empty(RenderedJson.Check(platform, result));
                        MessageSafety.Check(platform, result);
                        CheckAddresses(JsonElement.Parse(result.Message.Json.Span));
                    }
                }
            },
            iter: PropertyCases.Of(200));
    }

    private static void CheckAddresses(JsonElement message)
    {
        foreach (var (_, name, text) in JsonStrings.In(message))
        {
            if (name == "url") Assert.StartsWith("https://app.qase.io/defect/", text, StringComparison.Ordinal);
            if (name == "type") Assert.DoesNotContain(text, ForeignTypes);
        }
    }
}
