using DefectNotifier.Rendering.Templates;

namespace DefectNotifier.Tests.Rendering.Templates;

/// <summary>What is valid but hardly meant, with its place and a way out.</summary>
public sealed class MeaningTests
{
    [Theory]
    [InlineData("YYYY-MM-DD", "yyyy-MM-dd")]
    [InlineData("%d.%m.%Y", "dd.MM.yyyy")]
    [InlineData("%H:%M %p", "HH:mm tt")]
    [InlineData("HH:MM", "HH:mm")]
    [InlineData("dd.MM.yyyy HH:MM:SS", "dd.MM.yyyy HH:mm:ss")]
    [InlineData("yyyy-mm-dd", "yyyy-MM-dd")]
    [InlineData("dd/mm/yyyy hh:mm", "dd/MM/yyyy HH:mm")]
    [InlineData("hh:mm", "HH:mm")]
    [InlineData("'DD' yyyy", null)]
    [InlineData("yyyy-MM-dd HH:mm:ss", null)]
    [InlineData("ddd d MMMM", null)]
    [InlineData("h:mm tt", null)]
    [InlineData("HH'h'mm", null)]
    [InlineData("%d", null)]
    [InlineData("D", null)]
    [InlineData("dd.MM. HH:mm", null)]
    [InlineData("yyyy-MM-dd'T'HH:mm:sszzz", null)]
    public void Fix_DateFormat_IsWhatWasMeant(string format, string? meant) => Assert.Equal(meant, DateFormats.Fix(format));

    [Theory]
    [InlineData("{{ event.time | date 'HH:MM' 'America/Denver' | truncate 5 }}", "1:22 DateFormat Write 'HH:mm'.")]
    [InlineData("{{ date event.time 'HH:MM' 'America/Denver' }}", "1:20 DateFormat Write 'HH:mm'.")]
    [InlineData("{{ event.time | date 'HH:mm' 'America/Denver' }} {{ date event.time }}", "")]
    [InlineData("{{ if x = 'y' }}a{{ end }}", "1:7 Syntax Use == to compare.")]
    [InlineData("{{ if defect.status = 'open' && x == 1 }}a{{ end }}", "1:7 Syntax Use == to compare.")]
    [InlineData("{{ x = 1 }}{{ if x == 1 }}a{{ else if (x = 2) }}b{{ end }}", "1:40 Syntax Use == to compare.")]
    [InlineData("{{ x = 1 }}{{ y = (x = 2) ? 'a' : 'b' }}{{ y }}", "1:20 Syntax Use == to compare.")]
    [InlineData("{{ if defect.severity == 'high' }}a{{ end }}", "1:26 UnknownWord Qase has no severity 'high'")]
    [InlineData("{{ if 'Blocker' != defect.severity }}a{{ end }}", "1:7 UnknownWord Qase has no severity 'Blocker'")]
    [InlineData(
        "{{ case defect.severity }}{{ when 'blocker', 'urgent' }}a{{ end }}", "1:46 UnknownWord Qase has no severity 'urgent'")]
    [InlineData("{{ ['blocker', 'high'] | array.contains defect.severity }}", "1:16 UnknownWord Qase has no severity 'high'")]
    [InlineData("{{ if defect.status == 'In progress' }}a{{ end }}", "1:24 UnknownWord No status is written 'In progress'")]
    [InlineData("{{ if defect.status == 'waiting' || defect.severity == 'undefined' }}a{{ end }}", "")]
    [InlineData("{{ if digest.cause == 'quiet hours' }}a{{ end }}", "1:23 UnknownWord A digest has no cause 'quiet hours'")]
    [InlineData("{{ if digest.cause == 'quiet-hours' }}a{{ end }}", "")]
    public void Inspect_Code_IsReportedAtItsPlace(string template, string expected) => AssertIssue(expected, "default.sbn", template);

    [Theory]
    [InlineData("default.sbn", "a <!channel> b", "1:3 ForeignMarkup '<!channel>' is Slack's own markup")]
    [InlineData("default.sbn", "a\nb <@U012AB3CD>", "2:3 ForeignMarkup Write {{ mention 'name' }}")]
    [InlineData("default.sbn", "<{{ defect.url }}|D-{{ defect.id }}>", "1:1 ForeignMarkup Write [text](address) for a link.")]
    [InlineData("default.sbn", "a `<!channel>` <https://x.example/> <qa@x.example> <b> 1 < 2 | 3 > 2\n\n| <a | b> |\n|-|-|", "")]
    [InlineData("default.sbn", "{{ '<!channel>' }} ${x}", "")]
    [InlineData("default.sbn", "```\n<!here>\n```\n<!here>", "4:1 ForeignMarkup '<!here>'")]
    [InlineData("slack/default.json.sbn", """[{"type":"mrkdwn","text":"<!channel> <https://x.example|x> ${x}"}]""", "")]
    [InlineData("teams/default.json.sbn", """{"type":"TextBlock","text":"<@U1>"}""", "1:29 ForeignMarkup Slack's own markup")]
    [InlineData("teams/default.json.sbn", """{"type":"TextBlock","text":"${title}"}""", "1:29 ForeignMarkup '${title}' is a binding")]
    [InlineData("teams/default.json.sbn", """{"text":"{{DATE(${createdUtc},SHORT)}}"}""", "1:10 Syntax Write {{ event.time | date }}.")]
    [InlineData("teams/default.json.sbn", """{"text":"{{TIME(event.time)}}"}""", "1:12 UnknownFunction Write {{ event.time | date }}.")]
    public void Inspect_ForeignMarkup_IsReportedAtItsPlace(string file, string template, string expected) =>
        AssertIssue(expected, file, template);

    [Fact]
    public void Inspect_NamesThatDifferByCase_AreReported()
    {
        TemplateSource[] sources = [new TemplateSource("Default.sbn", "a"), new TemplateSource("default.sbn", "b")];

        var issue = Assert.Single(TemplateInspector.Inspect(sources));

        Assert.Equal((TemplateIssueKind.SameName, "default.sbn"), (issue.Kind, issue.File));
        Assert.Contains("'Default.sbn' and 'default.sbn' differ only by case", issue.Message, StringComparison.Ordinal);
    }

    // "line:column Kind part of the message"; empty for no issue.
    private static void AssertIssue(string expected, string file, string template)
    {
        var issues = TemplateInspector.Inspect([new TemplateSource(file, template)]);
        if (expected.Length == 0)
        {
            Assert.Empty(issues);
            return;
        }

        var issue = Assert.Single(issues);
        var parts = expected.Split(' ', 3);
        Assert.Equal((parts[0], parts[1]), ($"{issue.Line}:{issue.Column}", issue.Kind.ToString()));
        Assert.Contains(parts[2], issue.Message, StringComparison.Ordinal);
    }
}
