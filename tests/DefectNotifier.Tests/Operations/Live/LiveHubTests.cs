using System.Text;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;
using DefectNotifier.Worker.Http;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Operations.Live;
using DefectNotifier.Worker.Operations.Status;
using DefectNotifier.Worker.Settings;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Operations.Live;

public sealed class LiveHubTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(Some.Moment);
    private readonly OutboxSignals _signals = new();
    private readonly InMemoryOutbox _outbox;
    private readonly LogLines<LiveHub> _log = new();
    private readonly LiveHub _hub;
    private readonly List<string> _frames = [];
    private ConfigurationReport _configuration = new("v1", Some.Moment, RejectedAt: null, [], [], []);
    private string _headline = "All destinations work.";
    private Exception? _error;
    private int _statusReads;

    public LiveHubTests()
    {
        _outbox = new InMemoryOutbox(_signals);
        _hub = new LiveHub(_outbox, ReadStatusAsync, () => _configuration, new LiveJson(), _signals, _time, _log);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _hub.StartAsync(Token);

    public async ValueTask DisposeAsync()
    {
        await _hub.StopAsync(CancellationToken.None);
        _hub.Dispose();
    }

    [Fact]
    public async Task Join_FirstClient_GetsStatusAndTheNewestEventsAtOnce()
    {
        await AppendAsync(2);

        var client = Join();

        await HasAsync(client, "status", "events");
        Assert.Contains("\"headline\":\"All destinations work.\"", _frames[0], StringComparison.Ordinal);
        Assert.Contains("\nid: 2\n", _frames[1], StringComparison.Ordinal);
        Assert.Contains("\"sequence\":2,", _frames[1], StringComparison.Ordinal);
        Assert.DoesNotContain('\n', _frames[1].Split("data: ")[1].TrimEnd('\n'));
    }

    [Fact]
    public async Task Events_SeveralCommits_AreOneFrame()
    {
        var client = Join();
        await HasAsync(client, "status");

        await AppendAsync(3);

        await HasAsync(client, "events");
        Assert.Equal(3, _frames[0].Split("\"sequence\"").Length - 1);
    }

    [Fact]
    public async Task Status_OnlyTheTimePasses_IsNotSentAgain()
    {
        var client = Join();
        await HasAsync(client, "status");

        _headline = "1 thing needs a person.";
        await HasAsync(client, "status");

        Assert.Contains("1 thing needs a person.", _frames[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Configuration_Reload_IsSent()
    {
        var client = Join();
        await HasAsync(client, "status");

        _configuration = _configuration with { Version = "v2" };

        await HasAsync(client, "configuration");
        Assert.Contains("\"version\":\"v2\"", _frames[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoClient_Commits_ReadNothing()
    {
        var client = Join();
        await HasAsync(client, "status");
        _hub.Remove(client);
        await PassAsync(20);
        var before = _statusReads;

        await AppendAsync(5);
        await PassAsync(50);

        Assert.Equal(before, _statusReads);
    }

    [Fact]
    public async Task Join_SecondClient_GetsItsOwnFirstFrames()
    {
        await AppendAsync(1);
        var first = Join();
        await HasAsync(first, "status", "events");

        await AppendAsync(1);
        var second = Join(last: 1);
        await HasAsync(second, "status", "events");

        Assert.Contains("\"sequence\":2,", _frames[1], StringComparison.Ordinal);
        Assert.DoesNotContain("\"sequence\":1,", _frames[1], StringComparison.Ordinal);
        await HasAsync(first, "events");
    }

    [Fact]
    public void TryAdd_OneTooMany_IsRefusedUntilOneLeaves()
    {
        var clients = Enumerable.Range(0, LiveHub.MaxClients).Select(_ => Join()).ToList();

        Assert.False(_hub.TryAdd(NewClient()));
        _hub.Remove(clients[^1]);
        Assert.True(_hub.TryAdd(NewClient()));
    }

    [Fact]
    public void TryAdd_OneTooManyOfAnOperator_IsRefusedAndOthersAreNot()
    {
        var (anna, rita) = (new Operator("anna", Permissions.Read), new Operator("rita", Permissions.Read));
        var clients = Enumerable.Range(0, LiveHub.MaxPerOperator).Select(_ => NewClient(of: anna)).ToList();
        Assert.All(clients, client => Assert.True(_hub.TryAdd(client)));

        Assert.False(_hub.TryAdd(NewClient(of: anna with { })));
        Assert.True(_hub.TryAdd(NewClient(of: rita)));
        Assert.True(_hub.TryAdd(NewClient(of: Operator.Unnamed)));
        _hub.Remove(clients[0]);
        Assert.True(_hub.TryAdd(NewClient(of: anna)));
    }

    [Fact]
    public async Task SlowClient_IsDisconnectedAndTheOthersGetTheirFrames()
    {
        var isDisconnected = false;
        _hub.TryAdd(NewClient(disconnect: () => isDisconnected = true));
        var other = Join();
        await HasAsync(other, "status");

        while (!isDisconnected)
        {
            await AppendAsync(1);
            await HasAsync(other, "events");
        }
    }

    [Fact]
    public async Task Store_DoesNotRespond_TheStatusIsSentAndTheStreamGoesOn()
    {
        var client = Join();
        await HasAsync(client, "status");
        var hanging = new TaskCompletionSource();
        _outbox.ListsWaitFor = hanging.Task;
        _headline = "The store fails.";
        await HasAsync(client, "status");

        hanging.SetResult();

        await HasAsync(client, "reset");
    }

    [Fact]
    public async Task Store_FailsForAWhile_EndsWithAReset()
    {
        var client = Join();
        await HasAsync(client, "status");
        _outbox.Error = "disk I/O error";
        _headline = "The store fails.";
        await HasAsync(client, "status");

        _outbox.Error = null;

        await HasAsync(client, "reset");
        await AppendAsync(1);
        await HasAsync(client, "events");
    }

    [Fact]
    public async Task UnexpectedError_DisconnectsAndIsLogged()
    {
        var isDisconnected = false;
        _error = new InvalidOperationException("boom");
        _hub.TryAdd(NewClient(disconnect: () => isDisconnected = true));
        await AdvanceUntilAsync(() => isDisconnected);
        Assert.Equal([508], _log.EventIds);

        _error = null;
        await HasAsync(Join(), "status");
    }

    private static LiveClient NewClient(long? last = null, Operator? of = null, Action? disconnect = null) =>
        new(of, last, isResumed: last is not null, disconnect ?? (() => { }));

    private LiveClient Join(long? last = null)
    {
        var client = NewClient(last);
        Assert.True(_hub.TryAdd(client));
        return client;
    }

    private async Task AppendAsync(int count)
    {
        for (var done = 0; done < count; done++) await _outbox.AppendAsync(Some.NewEvent("web-qa"), Token);
    }

    private Task<ServiceStatus> ReadStatusAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _statusReads);
        if (_error is not null) throw _error;
        return Task.FromResult(new ServiceStatus(
            "ready", _headline, "1.0", _time.GetUtcNow(), Some.Moment, "writable", "outbox.db", [], [], [], Dead: 0, Held: 0, [],
            _configuration, [], [], []));
    }

    /// <summary>Lets time pass until exactly these frames came. They are in <see cref="_frames"/>.</summary>
    private async Task HasAsync(LiveClient client, params string[] names)
    {
        _frames.Clear();
        await AdvanceUntilAsync(() =>
        {
            while (_frames.Count < names.Length && client.Frames.TryRead(out var frame)) _frames.Add(Encoding.UTF8.GetString(frame));
            return _frames.Count == names.Length;
        });
        Assert.Equal(names, _frames.Select(frame => frame["event: ".Length..frame.IndexOf('\n')]));
    }

    // The hub works on threads of the pool.
    private Task AdvanceUntilAsync(Func<bool> condition) => Eventually.HoldsAsync(
        () =>
        {
            if (condition()) return true;
            _time.Advance(LiveHub.Pause / 2);
            return false;
        },
        () => string.Concat(_frames));

    private Task PassAsync(int rounds) => AdvanceUntilAsync(() => rounds-- == 0);
}
