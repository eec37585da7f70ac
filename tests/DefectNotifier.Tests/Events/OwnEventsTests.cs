using DefectNotifier.Events;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Tests.Events;

public sealed class OwnEventsTests
{
    private static readonly TemplateStore Templates =
        TemplateStore.Load(new TemplateOptions { Path = "/nowhere" }, NullLogger<TemplateStore>.Instance);

    [Theory]
    [InlineData("notifier.parked", true)]
    [InlineData("Notifier.PARKED", true)]
    [InlineData("notifier.undelivered", true)]
    [InlineData("notifier.of-a-later-version", true)]
    [InlineData("notifier.", true)]
    [InlineData("defect.details", true)]
    [InlineData("DEFECT.Details", true)]
    [InlineData("digest", true)]
    [InlineData("DIGEST", true)]
    [InlineData("digests", false)]
    [InlineData("notifier.digest", true)]
    [InlineData("notifier", false)]
    [InlineData("notifiers.parked", false)]
    [InlineData("defect.details.x", false)]
    [InlineData("defect.created", false)]
    [InlineData("my.notifier.parked", false)]
    public void IsOwn_Names_AreThoseOfTheServiceInAnyCase(string name, bool isOwn) => Assert.Equal(isOwn, OwnEvents.IsOwn(name));

    [Fact]
    public void Notices_EachTemplateOfANotice_HasItsName() => Assert.Equal(
        TemplateFiles.ReadShipped().Select(file => file.Name).Where(name => name.StartsWith("notifier.", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
        OwnEvents.Notices.Select(name => name + ".sbn").Order(StringComparer.Ordinal));

    // Every character in place of a letter, before, between and after the letters: whatever finds a notice's template is an own name.
    [Fact]
    public void IsOwn_AnyNameThatFindsANoticeOrADigest_IsOwn()
    {
        var found = 0;
        foreach (var notice in (string[])[.. OwnEvents.Notices, OwnEvents.Digest])
        {
            for (var character = '\0'; character < char.MaxValue; character++)
            {
                foreach (var at in ((int[])[0, 3, 8, 10, notice.Length]).Where(at => at <= notice.Length).Distinct())
                {
                    foreach (var rest in (string[])[notice[at..], at < notice.Length ? notice[(at + 1)..] : ""])
                    {
                        // Trimmed as the parser does.
                        var name = (notice[..at] + character + rest).Trim();
                        var file = Templates.FileFor(set: null, name, ChatPlatform.Slack);
                        if (file.Contains("default", StringComparison.Ordinal)) continue;
                        found++;
                        Assert.True(OwnEvents.IsOwn(name), name);
                    }
                }
            }
        }

        Assert.True(found > 100);
    }
}
