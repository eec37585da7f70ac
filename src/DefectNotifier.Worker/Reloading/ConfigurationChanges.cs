using System.Text.Json.Nodes;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Reloading;

/// <summary>Lists the differences between two configurations for the log. Names only, no values.</summary>
internal static class ConfigurationChanges
{
    public static IReadOnlyList<string> Between(NotifierConfiguration before, NotifierConfiguration after) =>
    [
        .. Named("destination", Destinations(before), Destinations(after)),
        .. Sections(before, after),
        .. Named("template", before.Templates.Digests, after.Templates.Digests),
    ];

    private static Dictionary<string, string> Destinations(NotifierConfiguration configuration) =>
        configuration.Pipeline.Destinations.ToDictionary(one => one.Name, one => one.SettingsDigest, StringComparer.Ordinal);

    private static IEnumerable<string> Named(
        string what, IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after) =>
    [
        .. after.Keys.Where(name => !before.ContainsKey(name)).Select(name => $"{what} {name} added"),
        .. before.Keys.Where(name => !after.ContainsKey(name)).Select(name => $"{what} {name} removed"),
        .. after.Where(pair => before.TryGetValue(pair.Key, out var old) && old != pair.Value).Select(pair => $"{what} {pair.Key} changed"),
    ];

    private static IEnumerable<string> Sections(NotifierConfiguration before, NotifierConfiguration after)
    {
        var (old, now) = (SettingsJson.WithSecrets(before.Settings), SettingsJson.WithSecrets(after.Settings));
        return now
            .Where(section => section.Key != nameof(NotifierSettings.Destinations) && !JsonNode.DeepEquals(section.Value, old[section.Key]))
            .Select(section => $"{SectionOf(section.Key)} changed")
            .Distinct(StringComparer.Ordinal);
    }

    private static string SectionOf(string property) => property switch
    {
        nameof(NotifierSettings.OperationsSecrets) or nameof(NotifierSettings.OperationsAccess)
            or nameof(NotifierSettings.OperationsPublicUrl) => "Operations",
        nameof(NotifierSettings.IsConsoleEnabled) => "Console",
        nameof(NotifierSettings.QaseApi) => "Qase",
        _ => property,
    };
}
