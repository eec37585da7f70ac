using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Rendering;

namespace DefectNotifier.Worker.Settings;

/// <summary>Reads <c>Qase</c>: where its pages are, and how its API is asked.</summary>
internal static class QaseReader
{
    /// <summary>What appsettings.example.json has in place of a token.</summary>
    private const string ExampleToken = "your-qase-api-token";

    private const int MaxName = 64;

    /// <summary>What a whole workspace may ask.</summary>
    private const int MaxRequests = 600;

    public static (QaseOptions Pages, QaseApiOptions Api) Read(SettingsSection section)
    {
        var pages = ReadPages(section);
        var standard = new QaseApiOptions();
        var apiUrl = ReadApiUrl(section, standard.ApiUrl);
        var api = new QaseApiOptions
        {
            ApiUrl = apiUrl,
            Token = ReadToken(section),
            RequestsPerMinute = section.Integer("RequestsPerMinute", standard.RequestsPerMinute, 1, MaxRequests),
            Workspaces = [.. section.Children("Workspaces").Select(child => ReadWorkspace(child.Key, child.Section, apiUrl)).OfType<QaseWorkspaceOptions>()],
        };
        section.Section("Workspaces").RefuseValue("a workspace under each name");
        section.RefuseUnknown();
        return (pages, api);
    }

    private static QaseOptions ReadPages(SettingsSection section)
    {
        if (section.Text("DefectUrl") is not { } pattern) return new QaseOptions();
        var filled = pattern.Replace("{code}", "ID", StringComparison.Ordinal).Replace("{id}", "1", StringComparison.Ordinal);
        if (!SafeUrl.TryCreate(filled, out _) || filled.Contains('{')) section.Error("DefectUrl", "is not an http or https address in which only {code} and {id} are filled in.");
        return new QaseOptions { DefectUrl = pattern };
    }

    private static QaseWorkspaceOptions? ReadWorkspace(string name, SettingsSection section, Uri standard)
    {
        // As the endpoint takes it.
        if (name.Length > MaxName || !name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.'))
            section.Error("", $"a workspace's name is the NAME in /webhooks/qase/NAME: 1 to {MaxName} letters, digits, '-', '_' or '.'.");
        var (apiUrl, token) = (ReadApiUrl(section, standard), ReadToken(section));
        if (token is null && section.Text("TokenFile") is null) section.Error("Token", "is missing; it is a token of that workspace (in Qase: API tokens), or leave the workspace out.");
        section.RefuseUnknown();
        return token is null ? null : new QaseWorkspaceOptions(name, apiUrl, token);
    }

    // With the slash at its end that paths are put behind.
    private static Uri ReadApiUrl(SettingsSection section, Uri standard)
    {
        const string Key = "ApiUrl";
        if (section.Text(Key) is not { } text) return standard;
        var (address, error) = ChatAddress.Read(Key, text.EndsWith('/') ? text : text + "/");
        if (error is not null) section.Error(Key, error.Message + ".");
        else if (address!.Query.Length > 0) section.Error(Key, $"has a ? in it; expected a base address such as {new QaseApiOptions().ApiUrl}.");
        return error is null ? address! : standard;
    }

    private static Secret? ReadToken(SettingsSection section)
    {
        const string Key = "Token";
        if (section.Secret(Key) is not { } token) return null;
        if (token.Reveal() == ExampleToken) section.Error(Key, "is the one of the example. Make one in Qase (API tokens), or leave it out: then nothing is asked.");
        else if (!token.Reveal().All(letter => letter is > ' ' and <= '~')) section.Error(Key, "holds characters that no token has; it was probably pasted with something else.");
        return token;
    }
}
