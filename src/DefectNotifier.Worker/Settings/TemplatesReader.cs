using System.Buffers;
using System.Text.RegularExpressions;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Worker.Settings;

/// <summary>Reads <c>Templates</c>: the folder, the time zone of dates, and the people who may be mentioned.</summary>
internal static partial class TemplatesReader
{
    /// <summary>Characters that would end the mention that contains the name.</summary>
    private static readonly SearchValues<char> NotInNames = SearchValues.Create("<>&|\n\r");

    public static TemplateOptions Read(SettingsSection section)
    {
        var options = new TemplateOptions
        {
            Path = ReadPath(section),
            TimeZone = section.TimeZone("TimeZone") ?? TimeZoneInfo.Utc,
            Mentions = ReadMentions(section),
        };
        section.RejectUnknownKeys();
        return options;
    }

    private static string ReadPath(SettingsSection section)
    {
        var defaultPath = new TemplateOptions().Path;
        // The default folder may be missing: then the built-in templates are used. A folder named in the settings must exist.
        if (section.Text("Path") is not { } path || path == defaultPath) return defaultPath;
        if (TemplateFiles.ProblemOf(path) is { } problem) section.Error("Path", $"names the folder '{path}', which {problem}.");
        return path;
    }

    private static Dictionary<string, Mention> ReadMentions(SettingsSection section)
    {
        var mentions = new Dictionary<string, Mention>(StringComparer.OrdinalIgnoreCase);
        section.Section("Mentions").RejectValue("a map of names");
        foreach (var (word, mention) in section.Section("Mentions").Children()) mentions[word] = ReadMention(word, mention);
        return mentions;
    }

    private static Mention ReadMention(string word, SettingsSection section)
    {
        var mention = new Mention(section.Text("Name") ?? word) { Slack = section.Text("Slack"), Teams = section.Text("Teams") };
        section.RejectUnknownKeys();
        if (mention.Slack is null && mention.Teams is null) section.Error("", "has neither Slack nor Teams, so it would mention no one.");
        if (mention.Name.AsSpan().ContainsAny(NotInNames) || mention.Name.Length > 80)
            section.Error("Name", "contains one of < > & | or a line break, or is longer than 80 characters.");
        if (mention.Slack is { } slack && !SlackId().IsMatch(slack))
        {
            section.Error("Slack", $"'{slack}' is not the id of a person (U012AB3CD) or of a user group (S012AB3CD), and not here, channel "
                + "or everyone. To find the id in Slack, open the profile's menu and choose Copy member ID.");
        }

        if (mention.Teams is { } teams && !TeamsId().IsMatch(teams))
        {
            section.Error("Teams", $"'{teams}' is neither a sign-in name (lead@contoso.com) nor an object id. "
                + "In Teams, a workflow can mention people only.");
        }

        return mention;
    }

    [GeneratedRegex("^(?:[UWS][A-Z0-9]{2,20}|here|channel|everyone)$", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex SlackId();

    [GeneratedRegex(
        @"^(?:[^@\s<>&|""]{1,64}@[^@\s<>&|""]{1,190}|[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12})$",
        RegexOptions.None,
        matchTimeoutMilliseconds: 1_000)]
    private static partial Regex TeamsId();
}
