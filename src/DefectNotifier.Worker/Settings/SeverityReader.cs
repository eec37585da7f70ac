using DefectNotifier.Events;

namespace DefectNotifier.Worker.Settings;

/// <summary>Reads lists of severities as slugs; a severity that Qase does not have is an error.</summary>
internal static class SeverityReader
{
    private static readonly string[] Slugs = [.. Severity.Known.Select(severity => severity.Slug)];

    private static readonly string[] RankedSlugs =
        [.. Severity.Known.Where(severity => severity.Rank is not null).Select(severity => severity.Slug)];

    /// <summary>A list. An empty one is allowed and differs from the default.</summary>
    public static IReadOnlyList<string> ReadList(SettingsSection section, string key, IReadOnlyList<string> defaultValue) =>
        section.Has(key) ? SlugsOf(section, key, section.Texts(key)) : defaultValue;

    /// <summary>A list of conditions, see <see cref="SettingsSection.Filter"/>.</summary>
    public static IReadOnlyList<string> ReadFilter(SettingsSection section, string key) => SlugsOf(section, key, section.Filter(key));

    /// <summary>One of the severities from trivial to blocker, as it is written; null: none.</summary>
    public static string? ReadRanked(SettingsSection section, string key)
    {
        var text = section.Text(key);
        if (text is not null && !(Severity.TryParseKnown(text, out var severity) && severity.Rank is not null))
            section.ErrorNotOneOf(key, text, RankedSlugs);
        return text;
    }

    private static IReadOnlyList<string> SlugsOf(SettingsSection section, string key, IReadOnlyList<string> texts) =>
        [.. texts.Select((text, index) => SlugOf(section, $"{key}:{index}", text))];

    private static string SlugOf(SettingsSection section, string key, string text)
    {
        if (Severity.TryParseKnown(text, out var severity)) return severity.Slug;
        section.ErrorNotOneOf(key, text, Slugs);
        return text;
    }
}
