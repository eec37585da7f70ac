using System.Globalization;
using System.Text;
using DefectNotifier.Events;
using DefectNotifier.Routing;
using DefectNotifier.Testing;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Tests.Settings;

/// <summary>The settings in "Storms, nights and known trouble" of src/docs/routing.md do what it says.</summary>
public sealed class DocumentedStormTests : IDisposable
{
    private const string Base = """
        { "Destinations": { "web-qa": { "Type": "sandbox" } }, "Routes": [ { "To": "web-qa" } ] }
        """;

    // A key of each snippet, and what the snippet does.
    private static readonly Dictionary<string, Action<NotifierSettings>> Checks = new(StringComparer.Ordinal)
    {
        ["\"Digest\""] = settings => Assert.Equivalent(new DigestOptions(), Assert.Single(settings.Destinations).Digest, strict: true),
        ["\"QuietHours\""] = AreTheNightsAndTheWeekend,
        ["\"Repeats\""] = settings => Assert.Equal(TimeSpan.FromHours(24), Assert.Single(settings.Routes).RepeatWithin),
    };

    private readonly SettingsFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_EachSnippet_DoesWhatTheDocumentSays()
    {
        var section = new DocumentSection(Repository.Root, "src/docs/routing.md", "## Storms, nights and known trouble");
        var snippets = section.Blocks("json").ToList();
        Assert.Equal(Checks.Count, snippets.Count);

        foreach (var (key, check) in Checks)
        {
            var snippet = Assert.Single(snippets, text => text.Contains(key, StringComparison.Ordinal));
            check(_folder.Read(SettingsNode.From(Pairs(Base), Pairs(snippet))));
        }
    }

    [Fact]
    public void Read_DigestOfARoute_IsAccepted() =>
        Assert.False(_folder.Read(Base.Replace("} ]", ", \"Digest\": false } ]", StringComparison.Ordinal)).Routes[0].Digest);

    // 2026-03-13 is a Friday; the clocks are one hour ahead of UTC.
    private static void AreTheNightsAndTheWeekend(NotifierSettings settings)
    {
        Assert.Equal("2026-03-13 06:00", EndOf(settings, "2026-03-12 18:00", "critical"));
        Assert.Equal("2026-03-16 06:00", EndOf(settings, "2026-03-13 18:00", "minor"));
        Assert.Equal("2026-03-14 06:00", EndOf(settings, "2026-03-13 18:00", "critical"));
        Assert.Equal("2026-03-16 06:00", EndOf(settings, "2026-03-15 12:00", "major"));
        Assert.Null(EndOf(settings, "2026-03-15 12:00", "critical"));
        Assert.Null(EndOf(settings, "2026-03-13 23:00", "blocker"));
        Assert.Null(EndOf(settings, "2026-03-13 12:00", "minor"));
    }

    private static string? EndOf(NotifierSettings settings, string at, string severity)
    {
        var moment = DateTimeOffset.Parse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        var defectEvent = Some.DefectEvent with { Severity = Severity.Parse(severity) };
        var planned = Assert.Single(new RouteTable(settings.Routes).Plan(defectEvent, memory: null, moment).Deliveries);
        return planned.Deferral?.Until.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
    }

    private static IEnumerable<KeyValuePair<string, string?>> Pairs(string json)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        return [.. SettingsSources.Parse(stream).Values().Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))];
    }
}
