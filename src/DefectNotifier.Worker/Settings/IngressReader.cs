namespace DefectNotifier.Worker.Settings;

/// <summary>Reads <c>Ingress</c>: where webhooks arrive, and which secrets they need.</summary>
internal static class IngressReader
{
    public static IngressOptions Read(SettingsSection section)
    {
        var defaults = new IngressOptions();
        var ingress = new IngressOptions
        {
            Url = section.ListenUrl(defaults.Url),
            Path = ReadPath(section, defaults.Path),
            Secrets = section.Secrets("Secrets"),
            Sources = ReadSources(section.Section("Sources")),
            MaxBodyBytes = section.Integer("MaxBodyBytes", defaults.MaxBodyBytes, 1024, 64 * 1024 * 1024),
            MaxWaiting = section.Integer("MaxWaiting", defaults.MaxWaiting, 1, 100_000),
            MaxWaitingBytes = section.Bytes("MaxWaitingBytes", defaults.MaxWaitingBytes, 1024, long.MaxValue),
        };
        if (ingress.IsOpen && !ingress.Url.IsLoopback)
        {
            section.Error("Secrets", "is empty, and Ingress:Url is not on loopback: anyone who can reach it could post to your channels. "
                + "Set the secret of the webhook in Qase (Ingress__Secrets__0, or Ingress:SecretsFile), or listen on 127.0.0.1.");
        }

        section.RejectUnknownKeys();
        return ingress;
    }

    private static string ReadPath(SettingsSection section, string defaultPath)
    {
        var path = section.Text("Path") ?? defaultPath;
        var hasSlashes = path.Length > 1 && path[0] == '/' && path[^1] != '/';
        if (hasSlashes && Uri.IsWellFormedUriString(path, UriKind.Relative) && !path.Contains('?')) return path;
        section.Error("Path", $"'{path}' is not a path such as {defaultPath}.");
        return defaultPath;
    }

    private static IReadOnlyList<IngressSourceOptions> ReadSources(SettingsSection section)
    {
        section.RejectValue("a source under each name");
        return [.. section.Children().Select(child => ReadSource(child.Key, child.Section))];
    }

    private static IngressSourceOptions ReadSource(string name, SettingsSection section)
    {
        section.RequireSourceName(name, "source");
        var source = new IngressSourceOptions(name, section.Secrets("Secrets"));
        if (source.Secrets.Count == 0 && section.Text("SecretsFile") is null)
            section.Error("Secrets", "is empty; set the secret of that source's webhook in Qase, or remove the source.");
        section.RejectUnknownKeys();
        return source;
    }
}
