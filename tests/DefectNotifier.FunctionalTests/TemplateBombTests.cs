using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary>Templates that would use all memory, in the real process.</summary>
public sealed class TemplateBombTests : IDisposable
{
    private const string Marker = "Marker {{ defect.id }} end ";

    private readonly TestFolder _folder = new();
    private readonly ChatServer _chat = ChatServer.Start();
    private readonly WorkerSettings _settings;

    public TemplateBombTests()
    {
        Directory.CreateDirectory(_folder.File("templates"));
        _settings = new WorkerSettings(_folder).Destination("web", _chat, ChatKind.SlackWebhook).Route("web")
            .Set("Templates:Path", _folder.File("templates"));
    }

    public void Dispose()
    {
        _chat.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("{{ s = 'aaaaaaaaaa'; for i in 1..60; s = $\"{s}{s}\"; end }}")]
    [InlineData("{{ a = [payload]; for i in 1..60; a = [a, a]; end; a | json }}")]
    [InlineData("{{ for i in 1..900; s = 'a' | string.pad_left 190000; end }}")]
    [InlineData("{{ a = [1]; for i in 1..900; a = a | array.reverse; end; for i in 1..900; a = a | array.each @json; end; a }}")]
    public async Task Serve_BombInASmallHeap_SendsEveryMessage(string bomb)
    {
        Template(Marker + bomb);
        _settings.Environment["DOTNET_GCHeapHardLimit"] = "6000000";
        await using var worker = await WorkerProcess.ServeAsync(_settings);

        await worker.Ingress.AcceptsAsync([1, 2, 3, 4, 5]);
        await _chat.PostedAsync("web", 5);

        Assert.DoesNotContain("OutOfMemory", worker.Output.All, StringComparison.Ordinal);
        Assert.Equal(200, (await worker.Operations.GetAsync("/health/ready")).Status);
    }

    [Fact]
    public async Task Serve_TemplateExceededItsMemoryBeforeARestart_IsNotRunAgainForThisMessage()
    {
        Template(Marker + "{{ for i in 1..900; s = 'a' | string.pad_left 190000; end }}");
        _chat.Script.Always("web", new ChatResponse(503, "no"));
        await using (var first = await WorkerProcess.ServeAsync(_settings))
        {
            await first.Ingress.AcceptsAsync([1]);
            await first.Output.SaysAsync("more than 32 MB of memory");
            await _chat.CallsAsync("web", 1);
            await first.KillAsync();
        }

        _chat.Script.Recover("web");
        await using var second = await WorkerProcess.ServeAsync(_settings);
        await _chat.PostedAsync("web", 1);

        Assert.DoesNotContain("more than 32 MB of memory", second.Output.All, StringComparison.Ordinal);
        Assert.Contains("is not run again for this message", _chat.PostedTo("web")[0].Body, StringComparison.Ordinal);
    }

    private void Template(string text) => File.WriteAllText(_folder.File("templates/defect.created.sbn"), text);
}
