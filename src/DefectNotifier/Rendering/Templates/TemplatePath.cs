using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Rendering.Templates;

/// <summary>The rules for where template files are: <c>[set/]NAME.sbn</c>, <c>[set/]slack/NAME.json.sbn</c>, <c>[set/]teams/NAME.json.sbn</c>.</summary>
internal static class TemplatePath
{
    public const string Extension = ".sbn";
    private const string JsonExtension = ".json" + Extension;

    /// <summary>The folder that a platform's JSON templates are in.</summary>
    public static string FolderOf(ChatPlatform platform) => platform == ChatPlatform.Slack ? "slack" : "teams";

    public static bool IsJson(string file) => file.EndsWith(JsonExtension, StringComparison.OrdinalIgnoreCase);

    /// <summary>What is wrong with where a file is; null: nothing.</summary>
    public static string? ErrorOf(string file)
    {
        var folders = file.Split('/')[..^1];
        var isPlatform = folders.Length > 0 && folders[^1].ToLowerInvariant() is "slack" or "teams";
        if (IsJson(file) && !isPlatform) return "A JSON template belongs in the folder of its platform: slack or teams.";
        if (!IsJson(file) && isPlatform) return "In a platform's folder are JSON templates only; their names end in .json.sbn.";
        if (folders.Length > (isPlatform ? 2 : 1)) return "The folder is too deep: a set holds templates and the folders slack and teams.";
        return null;
    }

    /// <summary>The name without folders and extension: <c>defect.created</c>.</summary>
    public static string NameOf(string file)
    {
        var name = file[(file.LastIndexOfAny(['/', ':']) + 1)..];
        return name[..^(IsJson(name) ? JsonExtension : Extension).Length];
    }
}
