using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Worker.Settings;

/// <summary>Reads <c>Qase</c>: the addresses of its pages, and how its API is called.</summary>
internal static class QaseReader
{
    /// <summary>Qase's own limit for a workspace.</summary>
    private const int MaxRequests = 600;

    private const string Code = "{code}";
    private const string Id = "{id}";

    public static (QaseOptions Pages, QaseApiOptions Api) Read(SettingsSection section)
    {
        var pages = ReadPages(section);
        var defaults = new QaseApiOptions();
        var apiUrl = ReadApiUrl(section, defaults.ApiUrl);
        var workspaces = section.Section("Workspaces").Children().Select(child => ReadWorkspace(child.Key, child.Section, apiUrl));
        var api = new QaseApiOptions
        {
            ApiUrl = apiUrl,
            Token = ReadToken(section),
            RequestsPerMinute = section.Integer("RequestsPerMinute", defaults.RequestsPerMinute, 1, MaxRequests),
            Workspaces = [.. workspaces.OfType<QaseWorkspaceOptions>()],
        };
        section.Section("Workspaces").RejectValue("a workspace under each name");
        section.RejectUnknownKeys();
        return (pages, api);
    }

    private static QaseOptions ReadPages(SettingsSection section)
    {
        var defaults = new QaseOptions();
        return new QaseOptions
        {
            DefectUrl = ReadPage(section, "DefectUrl", defaults.DefectUrl, Code, Id),
            DefectListUrl = ReadPage(section, "DefectListUrl", defaults.DefectListUrl, Code),
            CaseUrl = ReadPage(section, "CaseUrl", defaults.CaseUrl, Code, Id),
            RunUrl = ReadPage(section, "RunUrl", defaults.RunUrl, Code, Id),
            WaitFor = section.Duration("WaitFor", defaults.WaitFor, TimeSpan.Zero, TimeSpan.FromSeconds(30)),
        };
    }

    private static string ReadPage(
        SettingsSection section, string key, string defaultPattern, params ReadOnlySpan<string> placeholders)
    {
        if (section.Text(key) is not { } pattern) return defaultPattern;
        var filled = pattern;
        foreach (var placeholder in placeholders) filled = filled.Replace(placeholder, "1", StringComparison.Ordinal);
        if (!SafeUrl.TryCreate(filled, out _) || filled.Contains('{'))
            section.Error(key, $"is not an http or https address with no other placeholders than {string.Join(" and ", placeholders)}.");
        return pattern;
    }

    private static QaseWorkspaceOptions? ReadWorkspace(string name, SettingsSection section, Uri defaultUrl)
    {
        section.RequireSourceName(name, "workspace");
        var (apiUrl, token) = (ReadApiUrl(section, defaultUrl), ReadToken(section));
        if (token is null && section.Text("TokenFile") is null)
            section.Error("Token", "is missing; set an API token of that workspace (in Qase: API tokens), or remove the workspace.");
        section.RejectUnknownKeys();
        return token is null ? null : new QaseWorkspaceOptions(name, apiUrl, token);
    }

    // Ends with a slash: relative paths are appended.
    private static Uri ReadApiUrl(SettingsSection section, Uri defaultUrl)
    {
        const string Key = "ApiUrl";
        if (section.Text(Key) is not { } text) return defaultUrl;
        var (address, error) = ChatAddress.Read(Key, text.EndsWith('/') ? text : text + "/");
        if (error is not null) section.Error(Key, error.Message + ".");
        else if (address!.Query.Length > 0)
            section.Error(Key, $"contains a '?'; expected a base address such as {new QaseApiOptions().ApiUrl}.");
        return error is null ? address! : defaultUrl;
    }

    private static Secret? ReadToken(SettingsSection section)
    {
        const string Key = "Token";
        if (section.Secret(Key) is not { } token) return null;
        if (Placeholder.ProblemOf(token.Reveal()) is { } problem)
            section.Error(Key, $"{problem}. Create a token in Qase (API tokens), or remove this setting to work without Qase's API.");
        else if (!token.Reveal().All(letter => letter is > ' ' and <= '~'))
            section.Error(Key, "contains characters that a token never has; other text was probably pasted with it.");
        return token;
    }
}
