using System.Buffers;
using System.Text.RegularExpressions;
using DefectNotifier.Chat.TextViews;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Worker.Settings;

/// <summary>Reads <c>Templates</c>: the folder, the time zone of dates, and who may be mentioned.</summary>
internal static partial class TemplatesReader
{
    /// <summary>They would end the mention that the name stands in.</summary>
    private static readonly SearchValues<char> NotInNames = SearchValues.Create("<>&|\n\r");

    public static TemplateOptions Read(SettingsSection section)
    {
        var options = new TemplateOptions { Path = ReadPath(section), TimeZone = ReadTimeZone(section), Mentions = ReadMentions(section) };
        section.RejectUnknownKeys();
        return options;
    }

    private static string ReadPath(SettingsSection section)
    {
        var standard = new TemplateOptions().Path;
        // The standard folder may be missing: the copies inside the program serve. One that somebody named is a slip when it is not there.
        if (section.Text("Path") is not { } path || path == standard) return standard;
        if (!Directory.Exists(path)) section.Error("Path", $"names the folder '{path}', which does not exist.");
        return path;
    }

    private static TimeZoneInfo ReadTimeZone(SettingsSection section)
    {
        if (section.Text("TimeZone") is not { } id) return TimeZoneInfo.Utc;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone)) return zone;
        var known = TimeZoneInfo.GetSystemTimeZones().Select(each => each.Id);
        section.Error("TimeZone", $"'{id}' is not a time zone of this machine; they are named like 'Europe/Berlin' or 'UTC'.{Suggestion.For(id, known)}");
        return TimeZoneInfo.Utc;
    }

    private static Dictionary<string, Mention> ReadMentions(SettingsSection section)
    {
        var mentions = new Dictionary<string, Mention>(StringComparer.OrdinalIgnoreCase);
        section.Section("Mentions").RejectValue("a map of names");
        foreach (var (word, mention) in section.Children("Mentions")) mentions[word] = ReadMention(word, mention);
        return mentions;
    }

    private static Mention ReadMention(string word, SettingsSection section)
    {
        var mention = new Mention(section.Text("Name") ?? word) { Slack = section.Text("Slack"), Teams = section.Text("Teams") };
        section.RejectUnknownKeys();
        if (mention.Slack is null && mention.Teams is null) section.Error("", "says neither Slack nor Teams, so it would mention nobody.");
        if (mention.Name.AsSpan().ContainsAny(NotInNames) || mention.Name.Length > 80)
            section.Error("Name", "holds one of < > & | or a line break, or has more than 80 characters.");
        if (mention.Slack is { } slack && !SlackId().IsMatch(slack))
            section.Error("Slack", $"'{slack}' is no id of a person (U012AB3CD), of a user group (S012AB3CD), and none of here, channel, everyone. In Slack: the profile's menu, Copy member ID.");
        if (mention.Teams is { } teams && !TeamsId().IsMatch(teams))
            section.Error("Teams", $"'{teams}' is neither a sign-in name (lead@contoso.com) nor an object id. Teams lets a flow mention persons only.");
        return mention;
    }

    [GeneratedRegex("^(?:[UWS][A-Z0-9]{2,20}|here|channel|everyone)$", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex SlackId();

    [GeneratedRegex(@"^(?:[^@\s<>&|""]{1,64}@[^@\s<>&|""]{1,190}|[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12})$", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex TeamsId();
}
