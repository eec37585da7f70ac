using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Worker.Settings;

/// <summary>Reads <c>Operations</c> and <c>Console</c>: where operators reach the service, and what they may do.</summary>
internal static class OperationsReader
{
    private const int MaxName = 64;

    /// <summary>The settings with these values.</summary>
    public static NotifierSettings Read(SettingsSection operations, SettingsSection console, NotifierSettings settings)
    {
        var secrets = operations.Secrets("Secrets");
        var read = settings with
        {
            OperationsUrl = operations.ListenUrl(settings.OperationsUrl),
            OperationsSecrets = secrets,
            OperationsAccess = ReadAccess(operations.Section("Access"), secrets),
            OperationsPublicUrl = ReadPublicUrl(operations),
            IsConsoleEnabled = console.Flag("Enabled", settings.IsConsoleEnabled),
        };
        operations.RejectUnknownKeys();
        console.RejectUnknownKeys();
        return read;
    }

    // Pages and cookies belong to a host; the console's addresses start with /console/.
    private static Uri? ReadPublicUrl(SettingsSection section)
    {
        const string Key = "PublicUrl";
        if (section.Url(Key) is not { } url) return null;
        if (url is { PathAndQuery: "/", Fragment: "", UserInfo: "" }) return url;
        section.Error(Key, $"has more than a host and a port; expected an address such as {url.Scheme}://{url.Authority}.");
        return null;
    }

    private static IReadOnlyList<OperatorOptions> ReadAccess(SettingsSection section, IReadOnlyList<Secret> others)
    {
        section.RejectValue("a list of operators, each with Name, Secret and May");
        var operators = new List<OperatorOptions>();
        var known = others.Select(secret => secret.Reveal()).ToHashSet(StringComparer.Ordinal);
        foreach (var (_, entry) in section.Children())
        {
            if (ReadOperator(entry) is not { } one) continue;
            // The name that is stored is found by the secret, so two operators can't share one.
            if (!known.Add(one.Secret.Reveal())) entry.Error("Secret", "is also the secret of another operator; each needs its own.");
            if (operators.Any(other => string.Equals(other.Name, one.Name, StringComparison.OrdinalIgnoreCase)))
                entry.Error("Name", $"'{one.Name}' is also the name of another operator.");
            operators.Add(one);
        }

        return operators;
    }

    private static OperatorOptions? ReadOperator(SettingsSection section)
    {
        var (name, secret, may) = (section.Text("Name"), section.Secret("Secret"), Permissions.None);
        var words = section.Texts("May");
        for (var index = 0; index < words.Count; index++)
        {
            if (PermissionWords.Parse(words[index]) is { } one) may |= one;
            else section.ErrorNotOneOf($"May:{index}", words[index], PermissionWords.All);
        }

        if (words.Count == 0) section.Error("May", "is empty; expected some of read, act and edit.");
        if (name is null) section.Error("Name", "is missing; it is shown in the log and in the history of a delivery.");
        else if (name.Length > MaxName || name.Any(char.IsControl))
            section.Error("Name", $"has more than {MaxName} or invisible characters.");
        else if (SecretMask.IsNeeded(name)) section.Error("Name", "looks like a token or an address; a name is shown in logs.");
        if (secret is null && section.Text("SecretFile") is null) section.Error("Secret", "is missing; set Secret or SecretFile.");
        section.RejectUnknownKeys();
        // Every other permission includes read.
        return name is null || secret is null ? null : new OperatorOptions(name, secret, may | Permissions.Read);
    }
}
