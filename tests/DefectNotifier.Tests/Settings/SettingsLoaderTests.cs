using DefectNotifier.Worker.Hosting;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Tests.Settings;

/// <summary>Settings are parsed only when the contents of their files have changed.</summary>
public sealed class SettingsLoaderTests : IDisposable
{
    private readonly ChatComponents _components = new(TimeProvider.System);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("loader-");
    private readonly SettingsLoader _loader;

    public SettingsLoaderTests()
    {
        _loader = new SettingsLoader(SettingsFile, _components.NewSettingsReader());
        File.WriteAllText(SecretFile, "first");
        File.WriteAllText(SettingsFile, $$"""{ "Ingress": { "SecretsFile": "{{SecretFile}}" } }""");
    }

    private string SettingsFile => Path.Combine(_folder.FullName, "settings.json");

    private string SecretFile => Path.Combine(_folder.FullName, "secrets");

    [Fact]
    public void Load_NothingChanged_ReturnsTheSameInstance()
    {
        var first = _loader.Load();
        File.WriteAllText(SettingsFile, File.ReadAllText(SettingsFile));
        File.SetLastWriteTimeUtc(SecretFile, DateTime.UnixEpoch);

        Assert.Same(first, _loader.Load());
    }

    [Fact]
    public void Load_SecretFileChanged_ReadsItAgain()
    {
        var first = _loader.Load();
        File.WriteAllText(SecretFile, "other");

        var second = _loader.Load();

        Assert.Equal("other", Assert.Single(second.Settings.Ingress.Secrets).Reveal());
        Assert.NotEqual(first.Digest, second.Digest);
        Assert.Same(second, _loader.Load());
    }

    [Fact]
    public void Load_WhitespaceChanged_HasTheSameDigest()
    {
        var first = _loader.Load();
        File.AppendAllText(SettingsFile, "\n");

        var second = _loader.Load();

        Assert.NotSame(first, second);
        Assert.Equal(first.Digest, second.Digest);
    }

    [Fact]
    public void Load_AfterAnError_ReadsEverythingAgain()
    {
        var text = File.ReadAllText(SettingsFile);
        _loader.Load();
        File.WriteAllText(
            SettingsFile,
            """{ "Templates": { "Path": "FOLDER" } }""".Replace(
                "FOLDER", Path.Combine(_folder.FullName, "templates"), StringComparison.Ordinal));
        Assert.Throws<SettingsException>(_loader.Load);

        // No file has changed, but the error is fixed.
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "templates"));
        Assert.Empty(_loader.Load().Settings.Ingress.Secrets);

        File.WriteAllText(SettingsFile, text);
        Assert.Single(_loader.Load().Settings.Ingress.Secrets);
    }

    [Fact]
    public void Load_FileDisappears_IsAnError()
    {
        _loader.Load();
        File.Delete(SettingsFile);

        Assert.EndsWith(
            "the file no longer exists.", Assert.Single(Assert.Throws<SettingsException>(_loader.Load).Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ThousandDestinations_ReadsAllOfThem()
    {
        var destinations = string.Join(", ", Enumerable.Range(0, 1000).Select(number => $$"""
            "web-{{number}}": { "Type": "sandbox", "RateLimit": { "PerSecond": 2 } }
            """));
        File.WriteAllText(SettingsFile, $$"""{ "Destinations": { {{destinations}} }, "Routes": [ { "To": "web-7" } ] }""");

        Assert.Equal(1000, _loader.Load().Settings.Destinations.Count);
    }

    public void Dispose()
    {
        _components.Dispose();
        _folder.Delete(recursive: true);
    }
}
