namespace DefectNotifier.Tests.Commands;

/// <summary>A temporary folder for the files that a command reads and writes.</summary>
internal sealed class CommandFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("command-");

    public string Root => _folder.FullName;

    public string PathOf(string name) => Path.Combine(Root, name);

    /// <summary>Writes a file and returns its path.</summary>
    public string Write(string name, string text)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Writes settings with a Slack and a Teams sandbox, whose messages do not change, and these routes.</summary>
    public string WriteSettings(string routes) => Write(
        "settings.json",
        $$"""
        {
          "Templates": { "Path": "{{Directory.CreateDirectory(PathOf("words")).FullName}}" },
          "Destinations": { "web-qa": { "Type": "sandbox", "As": "slack-webhook" }, "billing": { "Type": "sandbox", "As": "teams" } },
          "Routes": {{routes}}
        }
        """);

    public void Dispose() => _folder.Delete(recursive: true);
}
