using System.Text;
using DefectNotifier.Chat;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Rendering.Templates;

namespace DefectNotifier.Tests.Rendering;

/// <summary>What ended the process, or exceeded the limits of a run, is not rendered again, also by the next process.</summary>
public sealed class RenderJournalTests : IDisposable
{
    private const string Bomb = "{{ for i in 1..900; x = 'x' | string.pad_left 190000; end }}late";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("journal-");

    private string File => Path.Combine(_folder.FullName, "outbox.db.rendering");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Begin_AfterThreeProcessesThatEnded_IsRefusedForThisMessageOnly()
    {
        for (var death = 0; death < 3; death++) Assert.True(Begins(1));

        Assert.False(Begins(1));
        Assert.True(Begins(2));
        Assert.False(Begins(1));
    }

    [Fact]
    public void Begin_RenderedBetweenTwoProcessesThatEnded_IsNotRefused()
    {
        for (var time = 0; time < 3; time++)
        {
            Begins(1);
            Begins(1);
            using var journal = new RenderJournal(File);
            Assert.True(journal.Begin(1));
            journal.End(1, isExhausted: false);
        }
    }

    [Fact]
    public void Begin_ProcessEndedWhileAnotherMessageWasRendered_IsNotRefused()
    {
        using (var journal = new RenderJournal(File))
        {
            journal.Begin(1);
            journal.End(1, isExhausted: false);
            journal.Begin(2);
        }

        for (var time = 0; time < 3; time++) Assert.True(Ends(1));
    }

    [Fact]
    public void Begin_Exhausted_IsRefusedHereAndInTheNextProcess()
    {
        using (var journal = new RenderJournal(File))
        {
            journal.Begin(1);
            journal.End(1, isExhausted: true);
            Assert.False(journal.Begin(1));
        }

        Assert.False(Begins(1));
        Assert.True(Begins(2));
    }

    [Fact]
    public void Begin_ManyMessages_ReplacesTheOldest()
    {
        using (var journal = new RenderJournal(File))
        {
            for (ulong key = 1; key <= 200; key++)
            {
                journal.Begin(key);
                journal.End(key, isExhausted: true);
            }
        }

        Assert.False(Begins(200));
        Assert.True(Begins(1));
        Assert.InRange(new FileInfo(File).Length, 1, 2_000);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
    }

    [Fact]
    public void Begin_SameMessageForTwoDestinations_CountsBoth()
    {
        using (var journal = new RenderJournal(File))
        {
            journal.Begin(1);
            journal.Begin(1);
            journal.End(1, isExhausted: false);
        }

        Assert.True(Begins(1));
        Assert.True(Begins(1));
        Assert.False(Begins(1));
    }

    [Theory]
    [InlineData("file/below")]
    [InlineData(".")]
    public void Begin_FileCannotBeWritten_RendersEverything(string name)
    {
        System.IO.File.WriteAllText(Path.Combine(_folder.FullName, "file"), "");
        using var journal = new RenderJournal(Path.Combine(_folder.FullName, name));

        Assert.True(journal.Begin(1));
        journal.End(1, isExhausted: false);
        Assert.True(journal.Begin(1));
    }

    [Fact]
    public void Begin_FolderIsMissing_CreatesItForTheOwnerOnly()
    {
        var folder = Path.Combine(_folder.FullName, "data");
        using (var journal = new RenderJournal(Path.Combine(folder, "outbox.db.rendering"))) journal.Begin(1);

        Assert.Single(Directory.EnumerateFiles(folder));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, System.IO.File.GetUnixFileMode(folder));
    }

    [Fact]
    public void Begin_FileIsDamaged_RendersTheNextMessage()
    {
        System.IO.File.WriteAllBytes(File, [.. Enumerable.Repeat((byte)0xFF, 5_000)]);

        Assert.True(Begins(1));
    }

    [Fact]
    public void Render_TemplateThatExceededItsMemory_IsRunAgainOnlyWhenItIsChanged()
    {
        using var folder = new TemplateFolder(("default.sbn", Bomb));

        Assert.Contains("more than 32 MB of memory", Rendered(folder, 1).Error!.Message, StringComparison.Ordinal);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var (message, error) = Rendered(folder, 1);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 10_000_000);
        Assert.Contains("is not run again for this message", error!.Message, StringComparison.Ordinal);
        Assert.Contains("Checkout ignores the coupon", message, StringComparison.Ordinal);
        Assert.Contains("more than 32 MB of memory", Rendered(folder, 2).Error!.Message, StringComparison.Ordinal);

        folder.Write("default.sbn", "fixed");

        Assert.Null(Rendered(folder, 1).Error);
    }

    [Fact]
    public void Render_JsonTemplateThatExceededItsTime_UsesTheMarkdownTemplate()
    {
        using var folder = new TemplateFolder(("default.sbn", "in Markdown"), ("slack/default.json.sbn", "[{{ while true }}{{ end }}]"));
        using var loops = new TemplateFolder(
            ("default.sbn", "in Markdown"), ("slack/default.json.sbn", "[{{ for i in 1..900; x = i; end }}]"));

        // Too many iterations are the same each time, and cost nothing: that template runs again.
        for (var time = 0; time < 2; time++)
            Assert.Contains("1,000 iterations", Rendered(folder, 1).Error!.Message, StringComparison.Ordinal);
        Assert.Contains("more than two seconds", Rendered(loops, 1, new ExpiringTime(2)).Error!.Message, StringComparison.Ordinal);
        var (message, error) = Rendered(loops, 1);

        Assert.Contains("is not run again for this message", error!.Message, StringComparison.Ordinal);
        Assert.Contains("in Markdown", message, StringComparison.Ordinal);
    }

    // Each call is another process.
    private (string Message, RenderError? Error) Rendered(TemplateFolder folder, long id, TimeProvider? time = null)
    {
        using var journal = new RenderJournal(File);
        var renderer = new MessageRenderer(
            folder.Load(), PlatformFormats.Formatters, new QaseOptions(), time ?? TimeProvider.System)
        { Journal = journal };
        var result = renderer.Render(new RenderRequest
        {
            Event = Some.DefectEvent with { Name = "x.y", SubjectId = id },
            ReceivedAt = Some.Moment,
            Platform = ChatPlatform.Slack,
        });
        return (Encoding.UTF8.GetString(result.Message.Json.Span), result.Error);
    }

    private bool Begins(ulong key)
    {
        using var journal = new RenderJournal(File);
        return journal.Begin(key);
    }

    private bool Ends(ulong key)
    {
        using var journal = new RenderJournal(File);
        if (!journal.Begin(key)) return false;
        journal.End(key, isExhausted: false);
        return true;
    }
}
