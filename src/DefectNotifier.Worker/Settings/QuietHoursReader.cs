using System.Globalization;
using DefectNotifier.Routing;

namespace DefectNotifier.Worker.Settings;

/// <summary>Reads <c>QuietHours</c> of a route.</summary>
internal static class QuietHoursReader
{
    private const int ShortLength = 3;

    private static readonly string[] TimeFormats = ["HH:mm", "H:mm"];

    // The week as people write it: Mon-Fri.
    private static readonly DayOfWeek[] Week =
    [
        DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday, DayOfWeek.Saturday,
        DayOfWeek.Sunday,
    ];

    public static IReadOnlyList<QuietHoursOptions> Read(SettingsSection section)
    {
        section.RejectValue("a list of entries with From and To");
        var entries = section.Children().ToList();
        if (entries.All(entry => SettingsNode.IsNumber(entry.Key))) return [.. entries.Select(entry => ReadOne(entry.Section))];
        section.Error("", "is not a list; write [ { \"From\": \"22:00\", \"To\": \"07:00\" } ].");
        return [];
    }

    private static QuietHoursOptions ReadOne(SettingsSection section)
    {
        var entry = new QuietHoursOptions
        {
            Days = ReadDays(section),
            From = ReadTime(section, "From"),
            To = ReadTime(section, "To"),
            TimeZone = section.TimeZone("TimeZone")?.Id,
        };
        entry = entry with { Except = SeverityReader.ReadList(section, "Except", entry.Except) };
        section.RejectUnknownKeys();
        return entry;
    }

    private static TimeOnly ReadTime(SettingsSection section, string key)
    {
        var text = section.Text(key);
        if (TimeOnly.TryParseExact(text, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)) return time;
        section.Error(key, $"{(text is null ? "is missing" : $"'{text}' is not a time of day")}; expected 00:00 to 23:59.");
        return default;
    }

    // In the order of the week, each once.
    private static DayOfWeek[] ReadDays(SettingsSection section)
    {
        var (texts, days) = (section.Texts("Days"), new HashSet<DayOfWeek>());
        if (texts.Count == 0 && section.Has("Days")) section.Error("Days", "is empty; leave it out for every day.");
        for (var index = 0; index < texts.Count; index++)
        {
            var ends = texts[index].Split('-', StringSplitOptions.TrimEntries);
            if (ends.Length <= 2 && DayOf(ends[0]) is { } first && DayOf(ends[^1]) is { } last) days.UnionWith(Range(first, last));
            else
            {
                var unknown = Array.Find(ends, end => DayOf(end) is null) ?? texts[index];
                section.Error($"Days:{index}", $"'{texts[index]}' is not a day; expected Mon, Monday or Mon-Fri, and several as a list."
                    + Suggestion.For(unknown, Week.SelectMany(day => (string[])[$"{day}"[..ShortLength], $"{day}"])));
            }
        }

        return [.. Week.Where(days.Contains)];
    }

    // Mon, Tues, Thursday.
    private static DayOfWeek? DayOf(string text)
    {
        var found = Array.FindIndex(Week, day => $"{day}".StartsWith(text, StringComparison.OrdinalIgnoreCase));
        return found < 0 || text.Length < ShortLength ? null : Week[found];
    }

    // Fri-Mon is four days.
    private static IEnumerable<DayOfWeek> Range(DayOfWeek first, DayOfWeek last)
    {
        var count = (last - first + Week.Length) % Week.Length + 1;
        return Enumerable.Range((int)first, count).Select(day => (DayOfWeek)(day % Week.Length));
    }
}
