using System.Runtime.Versioning;
using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests;

/// <summary>A template folder that cannot be read: an error at start; while the service runs, the last good templates stay.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class TemplateFolderTests : IDisposable
{
    private const UnixFileMode Everyone = (UnixFileMode)0x1FF;

    private readonly TestFolder _folder = new();
    private readonly ChatServer _chat = ChatServer.Start();
    private readonly WorkerSettings _settings;

    public TemplateFolderTests()
    {
        Assert.SkipUnless(WorkerProcess.CanBeOtherUser, "The tests run as root, and no other user can run the worker.");
        File.SetUnixFileMode(_folder.Path, Everyone);
        Directory.CreateDirectory(Templates);
        File.WriteAllText(_folder.File("templates/defect.created.sbn"), "Marker {{ defect.id }} end, own words");
        _settings = new WorkerSettings(_folder) { IsOtherUser = true }
            .Destination("web", _chat, ChatKind.SlackWebhook).Route("web").Set("Templates:Path", Templates);
    }

    private string Templates => _folder.File("templates");

    public void Dispose()
    {
        _chat.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(0x1C0)]
    [InlineData(0x1C9)]
    public async Task Serve_FolderOfAnotherUser_DoesNotStart(int mode)
    {
        Close((UnixFileMode)mode);
        await using var worker = WorkerProcess.Launch(_settings);

        Assert.Equal(1, await worker.ExitAsync(Eventually.Deadline));

        Assert.Contains($"The template folder '{Templates}' can't be listed: ", worker.Output.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", worker.Output.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_FolderIsClosedWhileRunning_KeepsItsTemplatesUntilItIsOpen()
    {
        await using var worker = await WorkerProcess.ServeAsync(_settings);
        Close((UnixFileMode)0x1C9);
        await worker.Output.SaysAsync("Templates:Path: The template folder");
        await StatusIsAsync(worker, "degraded");

        await worker.Ingress.AcceptsAsync([1]);
        await _chat.PostedAsync("web", 1);
        var ready = await worker.Operations.JsonAsync("/health/ready");
        var reload = await worker.Operations.PostAsync("/reload");

        Assert.Equal("Templates:Path", (string?)ready["configuration"]!["rejected"]![0]);
        reload.IsProblem(409, "configuration-rejected");
        Assert.Contains("own words", _chat.PostedTo("web")[0].Body, StringComparison.Ordinal);

        File.SetUnixFileMode(Templates, Everyone);
        await StatusIsAsync(worker, "ready");
        await worker.Output.SaysAsync("The errors in settings and templates are fixed");
    }

    [Fact]
    public async Task Serve_FileIsClosedWhileRunning_KeepsItsLastGoodVersion()
    {
        await using var worker = await WorkerProcess.ServeAsync(_settings);
        var file = _folder.File("templates/defect.created.sbn");
        File.SetUnixFileMode(file, UnixFileMode.None);
        await worker.Output.SaysAsync("Template defect.created.sbn: The file can't be read: Permission denied (it belongs to user id 0");
        await StatusIsAsync(worker, "degraded");

        await worker.Ingress.AcceptsAsync([1]);
        await _chat.PostedAsync("web", 1);

        Assert.Contains("own words", _chat.PostedTo("web")[0].Body, StringComparison.Ordinal);
    }

    // The owner may be the user of the worker, when the tests do not run as root.
    private void Close(UnixFileMode mode) =>
        File.SetUnixFileMode(Templates, Environment.IsPrivilegedProcess ? mode : mode & ~UnixFileMode.UserRead);

    private static Task StatusIsAsync(WorkerProcess worker, string status) => Eventually.HoldsAsync(
        async () => (string?)(await worker.Operations.JsonAsync("/health/ready"))["status"] == status, () => worker.Output.All);
}
