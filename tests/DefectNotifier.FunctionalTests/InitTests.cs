using System.Diagnostics;
using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Sqlite;

namespace DefectNotifier.FunctionalTests;

/// <summary>The files that <c>init</c> writes, for the user who wrote them and for another one.</summary>
public sealed class InitTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Init_PrintedCommands_WorkAsWritten()
    {
        var (_, init) = await WorkerProcess.RunAsync(_folder.Path, "init", "--yes", "--dir", "new folder", "--project", "SHOP");
        var commands = init.Standard.Split('\n').Where(line => line.StartsWith("  ", StringComparison.Ordinal)).Select(line => line.Trim());
        // Without "check", which renders for a minute on a busy machine.
        var first = commands.SkipWhile(line => !line.StartsWith("cd ", StringComparison.Ordinal)).Take(4)
            .Where(line => !line.EndsWith(" check", StringComparison.Ordinal));

        var (exitCode, output) = await ShellAsync(string.Join(" && ", first));

        Assert.True(exitCode == 0, output);
        Assert.Contains("lobby (Slack): delivered", output, StringComparison.Ordinal);
        Assert.Matches("QASE_SECRET=[0-9a-f]{64}\n  curl .*\\$QASE_SECRET.*SHOP", init.Standard);
    }

    [Fact]
    public async Task Init_InAContainer_PrintsCommandsForTheShellOutside()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["DOTNET_RUNNING_IN_CONTAINER"] = "true" };
        var (_, init) = await WorkerProcess.RunAsync(_folder.Path, environment, "init", "--yes");

        var commands = init.Standard.Split('\n').Where(line => line.StartsWith("  docker run ", StringComparison.Ordinal)).ToList();
        Assert.Equal(
            ["init --add", "check", "render --event defect.created --to lobby", "send --event defect.created --to lobby", ""],
            commands.Select(line => line[(line.LastIndexOf(" defect-notifier", StringComparison.Ordinal) + 16)..].Trim()));
        Assert.Contains("--name defect-notifier ", commands[^1], StringComparison.Ordinal);
        Assert.Contains(" -p 127.0.0.1:8081:8081 ", commands[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("  cd ", init.Standard, StringComparison.Ordinal);
    }

    // In a container, "--user" makes the service run as the owner of the files; without it, as the user of the image.
    [Fact]
    public async Task Add_DiskIsFull_LeavesTheSettingsAsTheyWere()
    {
        using var disk = SmallDisk.MountOrSkip("size=1m");
        await WorkerProcess.RunAsync(_folder.Path, "init", "--yes", "--dir", disk.File("service"));
        var settings = disk.File("service/appsettings.json");
        // Its last block is full, so that a longer text needs another one.
        File.AppendAllText(settings, new string(' ', 4096 - (int)new FileInfo(settings).Length % 4096));
        var before = await File.ReadAllTextAsync(settings, TestContext.Current.CancellationToken);
        disk.Fill("filler");

        var (exitCode, output) = await WorkerProcess.RunAsync(
            _folder.Path,
            "init",
            "--add",
            "--dir",
            disk.File("service"),
            "--slack-webhook",
            "https://hooks.slack.com/services/T0/B0/abcDEF123abcDEF123abcDEF");

        Assert.Equal((1, before), (exitCode, await File.ReadAllTextAsync(settings, TestContext.Current.CancellationToken)));
        Assert.Contains("Nothing was changed.", output.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_AsTheOwner_StartsAndAsAnotherUserSaysWhyNot()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && WorkerProcess.CanBeOtherUser, "Only root can become another user.");
        var (_, init) = await WorkerProcess.RunAsync(_folder.Path, "init", "--yes");
        Assert.Contains("Wrote", init.Standard, StringComparison.Ordinal);
        await ShellAsync($"chmod 755 {_folder.Path} && chown -R 1000:1000 {_folder.Path}");
        const string NoPorts = "Ingress__Url=http://127.0.0.1:0 Operations__Url=http://127.0.0.1:0";

        var (exitCode, refused) = await ShellAsync($"cd {_folder.Path} && {As(1654)} {WorkerProcess.CommandLine} serve");
        // Ended as soon as it has written that it listens.
        var (_, served) = await ShellAsync(
            $"cd {_folder.Path} && exec 3< <({As(1000)} env {NoPorts} timeout -s TERM 20 {WorkerProcess.CommandLine} serve); "
            + "sed '/Console:/q' <&3; kill $!; wait $!");

        Assert.Equal(2, exitCode);
        Assert.Contains(
            $"{_folder.File("appsettings.json")}: can't be read: Permission denied (it belongs to user id 1000, and this process runs as "
            + "user id 1654). Run the service as the owner of the file (in Docker: --user \"$(id -u):$(id -g)\")",
            refused,
            StringComparison.Ordinal);
        Assert.Contains("Listening for webhooks at", served, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.File("data/defect-notifier.db")));
    }

    private static string As(int user) => $"setpriv --reuid={user} --regid={user} --clear-groups";

    private async Task<(int ExitCode, string Output)> ShellAsync(string script)
    {
        var start = new ProcessStartInfo("bash", ["-c", script])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var shell = Process.Start(start)!;
        var (output, error) = (shell.StandardOutput.ReadToEndAsync(), shell.StandardError.ReadToEndAsync());
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Eventually.Deadline, TimeProvider.System);
        return (shell.ExitCode, await output + await error);
    }
}
