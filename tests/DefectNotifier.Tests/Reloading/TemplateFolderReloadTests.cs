using DefectNotifier.Rendering.Templates;
using DefectNotifier.Worker.Operations.Status;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Tests.Reloading;

/// <summary>A template folder, or a file that the settings name, that is lost or replaced by something else.</summary>
public sealed class TemplateFolderReloadTests
{
    [Theory]
    [InlineData("removed")]
    [InlineData("replaced by an empty folder")]
    [InlineData("link out of it")]
    public async Task Reload_FolderIsLost_KeepsTheTemplatesAndReportsIt(string how)
    {
        await using var world = new ReloadWorld();
        var first = world.Current;
        if (how == "link out of it")
        {
            Directory.CreateSymbolicLink(world.File("templates/finance"), "/etc");
        }
        else
        {
            Directory.Move(world.File("templates"), world.File("away"));
            if (how != "removed") Directory.CreateDirectory(world.File("templates"));
        }

        var (_, state, changes) = world.Reload();

        Assert.Empty(changes);
        Assert.StartsWith("Templates:Path: The template folder '", Assert.Single(state.Rejected), StringComparison.Ordinal);
        Assert.Same(first, world.Current);
        Assert.Contains("first text", world.Rendered(), StringComparison.Ordinal);
        Assert.Equal("Templates:Path", Assert.Single(ConfigurationReport.Of(world.Current, state).Rejected));
    }

    [Fact]
    public async Task Reload_FolderIsLostAndSettingsChanged_RejectsBoth()
    {
        await using var world = new ReloadWorld();
        var first = world.Current;
        Directory.Move(world.File("templates"), world.File("away"));

        var rejected = world.Reload(settings => settings["Routes"]![0]!["To"]![0] = "mobile");

        Assert.StartsWith("Templates:Path: names the folder '", Assert.Single(rejected.State.Rejected), StringComparison.Ordinal);
        Assert.Same(first, world.Current);
        Directory.Move(world.File("away"), world.File("templates"));
        Assert.Equal(["Routes changed"], world.Reload().Changes);
    }

    [Fact]
    public async Task Reload_FileIsAFifo_KeepsItsLastGoodVersion()
    {
        await using var world = new ReloadWorld();
        File.Delete(world.File("templates/defect.created.sbn"));
        SpecialFile.Make("fifo", world.File("templates/defect.created.sbn"));

        var (_, state, _) = world.Reload();

        Assert.Equal("defect.created.sbn", Assert.Single(state.BrokenTemplates).Template);
        Assert.Contains("first text", world.Rendered(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file", "is not a folder.")]
    [InlineData("fifo", "is not a folder.")]
    [InlineData("dangling", "does not exist.")]
    [InlineData("loop", "can't be opened: Too many levels of symbolic links.")]
    public void Build_PathIsNoFolder_IsAnErrorOfTheSettings(string kind, string problem)
    {
        var error = Assert.Throws<SettingsException>(() => new ReloadWorld(layOut: world =>
        {
            Directory.Delete(world.File("templates"), recursive: true);
            SpecialFile.Make(kind, world.File("templates"));
        }));

        Assert.Contains(problem, Assert.Single(error.Errors), StringComparison.Ordinal);
        Assert.StartsWith("Templates:Path: names the folder '", error.Errors[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Build_FolderContainsALinkToAnother_DoesNotStart()
    {
        var error = Assert.Throws<TemplateFolderException>(() => new ReloadWorld(
            layOut: world => Directory.CreateSymbolicLink(world.File("templates/finance"), "/etc")));

        Assert.EndsWith(
            "contains the link 'finance', which leads out of it, to '/etc'. Remove the link.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fifo")]
    [InlineData("device")]
    [InlineData("sparse")]
    [InlineData("folder")]
    public async Task Reload_SettingsOrSecretIsNoRegularFile_IsRejected(string kind)
    {
        await using var world = new ReloadWorld(
            settings => settings["Ingress"]!.AsObject().Remove("Secrets"),
            world =>
            {
                File.WriteAllText(world.File("secrets"), "first-secret-3f9a27c1");
                world.Settings["Ingress"]!["SecretsFile"] = world.File("secrets");
                world.Write();
            });
        var first = world.Current;
        File.Delete(world.File("secrets"));
        SpecialFile.Make(kind, world.File("secrets"));

        Assert.StartsWith(
            "Ingress:SecretsFile: names a file that can't be read: it is ",
            Assert.Single(world.Reloader.Reload("test")!.State.Rejected),
            StringComparison.Ordinal);

        File.Delete(world.SettingsFile);
        SpecialFile.Make(kind, world.SettingsFile);
        Assert.StartsWith(world.SettingsFile, Assert.Single(world.Reloader.Reload("test")!.State.Rejected), StringComparison.Ordinal);
        Assert.Same(first, world.Current);
    }
}
