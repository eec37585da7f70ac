using System.Text;
using DefectNotifier.Chat.Slack;
using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Delivery;
using DefectNotifier.Worker.Operations;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Tests.Operations;

public sealed class MessageReaderTests : IDisposable
{
    private readonly LaneWorld _world = new();
    private readonly MessageReader _reader;
    private MessagePreview? _preview;

    public MessageReaderTests()
    {
        _preview = new MessagePreview(_world.Outbox, () => _world.Configuration);
        var admin = new OutboxAdmin(_world.Outbox, () => null, _ => true, _world.Time, NullLogger<OutboxAdmin>.Instance);
        _reader = new MessageReader(admin, _world.Outbox, () => _preview);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _reader.Dispose();
        _world.Dispose();
    }

    [Theory]
    [InlineData("""{ "text": "Hello", "blocks": [] }""", "slack")]
    [InlineData("""{ "type": "message", "attachments": [] }""", "teams")]
    public async Task ReadAsync_StoredMessage_IsExactAlsoWithoutItsDestination(string json, string platform)
    {
        _preview = null;
        var id = await EndedAsync(DeliveryState.Dead, "gone", json);

        var (message, _) = await _reader.ReadAsync(id, Token);

        Assert.Equal((true, platform, null), (message!.IsExact, message.Platform, message.Version));
        Assert.Equal(json, message.Json.GetRawText());
    }

    [Fact]
    public async Task ReadAsync_Delivered_IsRenderedNow()
    {
        var id = await EndedAsync(DeliveryState.Delivered, "web-qa", message: null);

        var (message, _) = await _reader.ReadAsync(id, Token);

        Assert.Equal((false, "slack", "v1"), (message!.IsExact, message.Platform, message.Version));
        Assert.Contains(Some.DefectEvent.Title!, message.Text, StringComparison.Ordinal);
        Assert.Contains(Some.DefectEvent.Title!, message.Json.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_NothingToRender_SaysWhy()
    {
        var gone = await EndedAsync(DeliveryState.Delivered, "gone", message: null);
        Assert.Equal((404, "no-message"), await ProblemAsync(gone));
        Assert.Equal((404, "unknown-delivery"), await ProblemAsync(4711));
        _preview = null;
        Assert.Equal((404, "no-message"), await ProblemAsync(await EndedAsync(DeliveryState.Delivered, "web-qa", message: null)));
    }

    [Fact]
    public async Task ReadAsync_TooManyAtOnce_WaitOrAreRefusedAndLaterNotAnyMore()
    {
        var id = await EndedAsync(DeliveryState.Delivered, "web-qa", message: null);
        using var formatter = new WaitingFormatter();
        _world.Configuration = _world.Configuration with { Renderer = LaneWorld.RendererWith(formatter) };
        var rendering = Math.Clamp(Environment.ProcessorCount / 2, 1, MessageReader.MaxAtOnce);
        using var abort = new CancellationTokenSource();
        var running = Enumerable.Range(0, rendering).Select(_ => Task.Run(() => _reader.ReadAsync(id, Token), Token)).ToList();
        await Eventually.HoldsAsync(() => formatter.Count == rendering, "half of the cores render");
        // These run here until they wait.
        var aborted = rendering < MessageReader.MaxAtOnce ? _reader.ReadAsync(id, abort.Token) : null;
        for (var i = running.Count + (aborted is null ? 0 : 1); i < MessageReader.MaxAtOnce; i++) running.Add(_reader.ReadAsync(id, Token));

        Assert.Equal((429, "too-many-previews"), await ProblemAsync(id));
        if (aborted is not null)
        {
            await abort.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => aborted);
            running.Add(_reader.ReadAsync(id, Token));
        }

        Assert.Equal(rendering, formatter.Count);
        formatter.Continue();
        Assert.All(await Task.WhenAll(running), result => Assert.NotNull(result.Value));
        Assert.NotNull((await _reader.ReadAsync(id, Token)).Value);
    }

    private async Task<(int Status, string Code)> ProblemAsync(long id)
    {
        var problem = (await _reader.ReadAsync(id, Token)).Problem!;
        return (problem.Status, problem.Code);
    }

    private async Task<long> EndedAsync(DeliveryState state, string destination, string? message)
    {
        var payload = $$"""{"id":73,"title":"{{Some.DefectEvent.Title}}"}""";
        var body = Encoding.UTF8.GetBytes(
            $$"""{"event_name":"defect.created","timestamp":1767603600,"payload":{{payload}},"project_code":"WEB"}""");
        var newEvent = Some.NewDefectEvent(Some.DefectEvent, destination) with { Body = body };
        await _world.Outbox.AppendAsync(newEvent, Token);
        var pending = (await _world.Outbox.ReadPendingAsync(destination, 9, Token)).Single(one => one.EventId == newEvent.Id);
        var stored = message is null ? default(ReadOnlyMemory<byte>?) : Encoding.UTF8.GetBytes(message);
        await _world.Outbox.RecordAsync(Some.Outcome(pending) with { State = state, Message = stored });
        return pending.Id;
    }

    /// <summary>Formats only after <see cref="Continue"/>.</summary>
    private sealed class WaitingFormatter : DefectNotifier.Rendering.IMessageFormatter, IDisposable
    {
        private readonly SlackMessageFormatter _inner = new();
        private readonly ManualResetEventSlim _continue = new();
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public ChatPlatform Platform => ChatPlatform.Slack;

        public void Continue() => _continue.Set();

        public DefectNotifier.Rendering.Document.ChatMessage Format(DefectNotifier.Rendering.Document.MessageDocument document)
        {
            Interlocked.Increment(ref _count);
            _continue.Wait(Token);
            return _inner.Format(document);
        }

        public DefectNotifier.Rendering.Document.ChatMessage Format(DefectNotifier.Rendering.JsonTemplates.JsonTemplate template) =>
            _inner.Format(template);

        public void Dispose() => _continue.Dispose();
    }
}
