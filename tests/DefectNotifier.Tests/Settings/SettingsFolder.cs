using DefectNotifier.Worker.Hosting;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Tests.Settings;

/// <summary>Reads settings from a file in a folder of its own.</summary>
internal sealed class SettingsFolder : IDisposable
{
    /// <summary>A bot and a route to it.</summary>
    public const string Chat = """
        "Destinations": { "web": { "Type": "slack", "Channel": "C0123456789", "Token": "xoxb-1" } }, "Routes": [ { "To": "web" } ]
        """;

    private readonly ChatComponents _components = new(TimeProvider.System);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("settings-");

    public NotifierSettings Read(string json)
    {
        var (root, errors) = SettingsSources.Load(Write("appsettings.json", json));
        return Read(root, errors);
    }

    public NotifierSettings Read(SettingsNode root, params IEnumerable<string> errors) =>
        _components.NewSettingsReader().Read(root, errors);

    /// <summary>The errors of settings that have some.</summary>
    public IReadOnlyList<string> Errors(string json) => Assert.Throws<SettingsException>(() => Read(json)).Errors;

    public string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose()
    {
        _components.Dispose();
        _folder.Delete(recursive: true);
    }
}
