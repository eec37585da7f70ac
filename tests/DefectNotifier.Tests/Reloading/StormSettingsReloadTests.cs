using System.Text.Json.Nodes;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Reloading;

/// <summary>A reload notices changes of digests and quiet hours.</summary>
public sealed class StormSettingsReloadTests : IAsyncDisposable
{
    private readonly ReloadWorld _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("false")]
    [InlineData("""{ "Threshold": 11 }""")]
    [InlineData("""{ "Window": "61s" }""")]
    [InlineData("""{ "MaxWait": "9s" }""")]
    [InlineData("""{ "Always": [ "blocker", "critical" ] }""")]
    [InlineData("""{ "Always": [] }""")]
    public void Reload_DigestOfADestination_ChangesOnlyThatDestination(string digest)
    {
        var before = _world.Current;

        var result = _world.Reload(settings => settings["Destinations"]!["web-qa"]!["Digest"] = JsonNode.Parse(digest));

        Assert.Equal(["destination web-qa changed"], result.Changes);
        Assert.NotEqual(before.Version, _world.Current.Version);
        Assert.NotEqual(SettingsDigestOf("web-qa", before), SettingsDigestOf("web-qa", _world.Current));
        Assert.Equal(SettingsDigestOf("mobile", before), SettingsDigestOf("mobile", _world.Current));
    }

    [Fact]
    public void Reload_DefaultsWritten_ChangesNothing() => Assert.Empty(
        _world.Reload(settings => settings["Destinations"]!["web-qa"]!["Digest"] = true).Changes);

    [Theory]
    [InlineData("From", "\"21:00\"")]
    [InlineData("To", "\"08:00\"")]
    [InlineData("Days", "[ \"Mon-Fri\" ]")]
    [InlineData("TimeZone", "\"Europe/Berlin\"")]
    [InlineData("Except", "[]")]
    public void Reload_EachKeyOfQuietHours_ChangesTheVersion(string key, string value)
    {
        _world.Reload(settings => settings["Routes"]![0]!["QuietHours"] = JsonNode.Parse("""[ { "From": "22:00", "To": "07:00" } ]"""));
        var before = _world.Current.Version;

        var result = _world.Reload(settings => settings["Routes"]![0]!["QuietHours"]![0]![key] = JsonNode.Parse(value));

        Assert.Equal(["Routes changed"], result.Changes);
        Assert.NotEqual(before, _world.Current.Version);
    }

    [Fact]
    public void Reload_QuietHoursAndDigestOfARoute_PlanTheNextEvent()
    {
        _world.Reload(settings =>
        {
            settings["Routes"]![0]!["QuietHours"] = JsonNode.Parse("""[ { "From": "22:00", "To": "07:00" } ]""");
            settings["Routes"]![0]!["Digest"] = false;
        });

        var at = new DateTimeOffset(2026, 3, 14, 23, 0, 0, TimeSpan.Zero);
        var planned = Assert.Single(_world.Current.Pipeline.Routes.Plan(Some.DefectEvent, memory: null, at).Deliveries);
        Assert.False(planned.MayDigest);
        Assert.Equal(at.AddHours(8), planned.Deferral?.Until);
    }

    private static string SettingsDigestOf(string destination, Worker.Reloading.NotifierConfiguration configuration) =>
        configuration.Pipeline.Destinations.Single(one => one.Name == destination).SettingsDigest;
}
