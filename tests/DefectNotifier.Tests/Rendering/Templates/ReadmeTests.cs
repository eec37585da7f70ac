using System.Text.RegularExpressions;
using DefectNotifier.Events;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Rendering.JsonTemplates;

namespace DefectNotifier.Tests.Rendering.Templates;

/// <summary>Every template in templates/README.md renders on both platforms, for complete and sparse events.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Text = File.ReadAllText(Repository.PathOf("templates", "README.md"));

    public static TheoryData<string, string> Examples => [.. All().Where(example => !IsDigest(example.Template))];

    public static TheoryData<string> Digests => [.. All().Select(example => example.Template).Where(IsDigest)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Render_ExampleOfTheReadme_HasNoError(string kind, string template)
    {
        foreach (var sample in (string[])["defect/created.json", "defect/created-severity-blocker.json", "defect/created-minimal.json",
            "defect/created-slack-control.json", "defect/resolved.json"])
        {
            var defectEvent = WebhookParser.Parse(Payloads.Read(sample), "").Event! with
            {
                Name = "defect.y",
                Title =
                sample.Contains("created", StringComparison.Ordinal) ? WebhookParser.Parse(Payloads.Read(sample), "").Event!.Title : "t"
            };
            foreach (var platform in (ChatPlatform[])[ChatPlatform.Slack, ChatPlatform.Teams])
            {
                var folder = platform == ChatPlatform.Slack ? "slack" : "teams";
                if (kind != "sbn" && !kind.EndsWith(folder, StringComparison.Ordinal)) continue;
                var result = RenderedJson.Of(platform, defectEvent, false,
                    (kind == "sbn" ? "defect.y.sbn" : $"{folder}/defect.y.json.sbn", template));

                Assert.Null(result.Error);
                Assert.Empty(result.Warnings);
                Assert.Contains(defectEvent.Title!, result.Message.Text!.ReplaceLineEndings(" "), StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Digests))]
    public void Render_DigestOfTheReadme_HasNoError(string template)
    {
        using var folder = new TemplateFolder(("digest.sbn", template));
        foreach (var platform in ChatPlatforms.All)
        {
            var result = RenderedJson.By(folder.Load(), platform, SampleDigest.Event);

            Assert.Null(result.Error);
            Assert.Empty(result.Warnings);
            Assert.Contains("Login: ", result.Message.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Examples_OfTheReadme_AreFound()
    {
        Assert.InRange(Examples.Count, 8, 40);
        Assert.Single(Digests);
    }

    private static IEnumerable<(string Kind, string Template)> All() =>
        Example().Matches(Text).Select(match => (match.Groups["kind"].Value, Unindented(match.Groups["text"].Value)));

    private static bool IsDigest(string template) => template.Contains("digest.", StringComparison.Ordinal);

    private static string Unindented(string text) =>
        string.Join('\n', text.Split('\n')
        .Select(line => line.StartsWith("   ", StringComparison.Ordinal) && text.StartsWith("   ", StringComparison.Ordinal) ? line[3..]
        : line));

    [GeneratedRegex(
        @"^ *```(?<kind>sbn|json slack|json teams)\n(?<text>.*?)^ *```$",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Example();
}
