using System.Globalization;
using System.Text.Json.Nodes;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres;
using DefectNotifier.Testing;
using DefectNotifier.Testing.Databases;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>
/// Several nodes, each a real worker, that share an outbox on a real PostgreSQL server; healthy chats that record what arrives from which
/// node; and webhooks, under load, for all nodes in turn.
/// </summary>
internal sealed class NodeScene : IAsyncDisposable
{
    /// <summary>The shortest that is allowed.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Much longer than lanes need to go on elsewhere (the lease and 2 s on an idle machine): the machine may be busy with other tests.
    /// </summary>
    public static readonly TimeSpan GoesOnWithin = Lease + TimeSpan.FromSeconds(20);

    private const int DefectsAtOnce = 24;
    private const string SecondsVariable = "NODE_CHAOS_SECONDS";

    private static readonly TimeSpan Length = TimeSpan.FromSeconds(
        double.Parse(Environment.GetEnvironmentVariable(SecondsVariable) ?? "0", CultureInfo.InvariantCulture));

    private static readonly (string Name, ChatKind Kind)[] Lanes =
    [
        ("hook", ChatKind.SlackWebhook), ("bot", ChatKind.SlackBot), ("teams", ChatKind.Teams),
        ("hook-2", ChatKind.SlackWebhook), ("hook-3", ChatKind.SlackWebhook), ("teams-2", ChatKind.Teams),
    ];

    private static readonly (string Project, string[] Destinations)[] Projects =
        [("WEB", ["hook", "bot", "hook-2"]), ("BILL", ["hook", "teams", "hook-3"]), ("SHOP", ["teams-2", "bot", "hook-2"])];

    private readonly FastChat _chat;
    private readonly string _schema = PostgresServer.CreateSchemaName();
    private readonly Dictionary<MessageKey, string> _added = [];
    private readonly long _begun = TimeProvider.System.GetTimestamp();
    private readonly HashSet<Arrival> _stale = [];
    private DefectTraffic? _traffic;

    /// <param name="server">The server; another one after a failover.</param>
    public NodeScene(PostgresServer server)
    {
        Server = server;
        Nodes = [.. Enumerable.Range(0, 3).Select(number => new SceneNode(number))];
        _chat = new FastChat(Nodes.Count);
        Claims = new ClaimLog(Nodes[0].Name, QueryAsync);
        foreach (var node in Nodes) Configure(node);
    }

    public PostgresServer Server { get; set; }

    public IReadOnlyList<SceneNode> Nodes { get; }

    public ClaimLog Claims { get; }

    public IReadOnlyList<Arrival> Arrivals => _chat.Arrivals.All;

    /// <summary>Each event was accepted with the first response, as far as there was one.</summary>
    public void NoResponseWasLost() => Assert.InRange(_traffic!.LostResponses, 0, _traffic.Unanswered);

    /// <summary>True until the time is over that a long run is to take.</summary>
    public bool GoesOn => GoesOnSince(_begun);

    /// <summary>The same for several scenes.</summary>
    public static bool GoesOnSince(long begun) => TimeProvider.System.GetElapsedTime(begun) < Length;

    public static void Log(string text) => TestContext.Current.TestOutputHelper!.WriteLine(text);

    /// <summary>Starts all nodes, and the webhooks when they share the lanes.</summary>
    /// <param name="fault">Where the first node is killed or stopped; see <see cref="SceneNode.StartAsync"/>.</param>
    public async Task StartAsync(string? fault = null)
    {
        var options = new PostgresOutboxOptions { ConnectionString = Server.ConnectionString(), Schema = _schema };
        await PostgresOutbox.Open(options, new OutboxSignals(), TimeProvider.System, NullLogger<PostgresOutbox>.Instance).DisposeAsync();
        await Claims.CreateAsync();
        await _chat.OpenAsync();
        await Task.WhenAll(Nodes.Select(node => node.StartAsync(node.Number == 0 ? fault : null)));
        await Eventually.HoldsAsync(async () => await Claims.CountNodesAsync() == Nodes.Count, () => "all nodes live");
        await Claims.OpenAsync();
        await AllLanesAreOwnedAsync();
        _traffic = new DefectTraffic([.. Nodes.Select(node => node.Ingress)], _chat.Arrivals, Projects, DefectsAtOnce);
        _traffic.Start();
        await ArriveAsync(Lanes.Length);
    }

    /// <summary>Each lane has an owner that lives.</summary>
    public async Task AllLanesAreOwnedAsync()
    {
        IReadOnlyList<string> owned = [];
        await Eventually.HoldsAsync(
            async () => (owned = await Claims.LanesOfAsync()).Count >= Lanes.Length,
            () => $"Only these are owned: {string.Join(", ", owned)}");
    }

    /// <summary>The node that owns the most lanes, and these.</summary>
    public async Task<(SceneNode Node, IReadOnlyList<string> Lanes)> BusiestAsync()
    {
        var owned = new List<(SceneNode Node, IReadOnlyList<string> Lanes)>();
        foreach (var node in Nodes) owned.Add((node, await Claims.LanesOfAsync(node.Name)));
        Log(string.Join("; ", owned.Select(one => $"{one.Node.Name}: {string.Join(", ", one.Lanes)}")));
        return owned.MaxBy(one => one.Lanes.Count);
    }

    /// <summary>Waits until so many more messages have arrived.</summary>
    public async Task ArriveAsync(int count)
    {
        var before = Arrivals.Count;
        await Eventually.HoldsAsync(
            () => Task.FromResult(Arrivals.Count >= before + count), () => $"{Arrivals.Count - before} of {count} messages have arrived");
    }

    /// <summary>Waits until each of the lanes has sent a message from another node than the one that had them.</summary>
    /// <returns>How long after the moment that was.</returns>
    public async Task<TimeSpan> GoOnElsewhereAsync(SceneNode had, IReadOnlyCollection<string> lanes, DateTimeOffset since)
    {
        var first = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        await Eventually.HoldsAsync(
            () =>
            {
                foreach (var arrival in Arrivals.Where(one => one.At > since && one.Door != had.Number))
                    first.TryAdd(arrival.Message.Destination, arrival.At);
                return Task.FromResult(lanes.All(first.ContainsKey));
            },
            () => $"Of {string.Join(", ", lanes)} only these have gone on: {string.Join(", ", first.Keys)}");
        var took = lanes.Max(lane => first[lane]) - since;
        Log($"{lanes.Count} lanes of {had.Name} went on elsewhere after {took.TotalSeconds:0.00} s");
        return took;
    }

    /// <summary>These messages came from a node whose claim was lost; one that arrived only from there counts as any other.</summary>
    public void AreStale(IEnumerable<Arrival> late)
    {
        var others = Arrivals.Except(late).Select(arrival => arrival.Message).ToHashSet();
        _stale.UnionWith(late.Where(arrival => others.Contains(arrival.Message)));
    }

    /// <summary>Adds a destination for the events of a project to the settings of a node.</summary>
    public void Add(SceneNode node, string destination, string project) =>
        node.Settings.Destination(destination, _chat.AddressOf(destination, ChatKind.Teams, node.Number), ChatKind.Teams)
            .Route(destination, project);

    /// <summary>A new defect is accepted by this node.</summary>
    public async Task AcceptsAsync(SceneNode node, int defect, string project, params string[] destinations)
    {
        var reply = await node.Ingress.PostAsync(Webhooks.Created(defect, project));
        Assert.Equal((202, "accepted"), (reply.Status, reply.EventStatus));
        foreach (var destination in destinations) _added[new MessageKey(destination, defect, "created")] = reply.Id!;
    }

    /// <summary>Ends the webhooks, waits until everything has arrived, and compares it with what was accepted.</summary>
    public async Task AuditAsync()
    {
        await _traffic!.EndAsync();
        object? pending = null;
        await Eventually.HoldsAsync(
            async () => (pending = await QueryAsync("SELECT count(*) FROM {schema}.delivery WHERE state = 0")) is 0L,
            () => $"{pending} deliveries are pending");
        var expected = _traffic.Expected.Concat(_added).ToDictionary();
        var audit = new LedgerAudit(expected, [.. Arrivals.Where(arrival => !_stale.Contains(arrival))]);
        Log($"{expected.Count} messages, {await CountAsync("interrupted")} attempts interrupted, "
            + $"{await CountAsync("found")} of them found in the chat, {audit.Repeats} repeats, "
            + $"{_stale.Count} from a stale claim, {_traffic.LostResponses} lost responses");
        audit.NothingIsLostOrInvented();
        audit.DefectsAreInOrder();
        audit.DestinationsAreInOrder(await ReadMessagesAsync());
        var running = Nodes.Last(node => node.IsRunning).Worker.Operations;
        await audit.RepeatsAreExplainedAsync(running, searchable: "bot");
        await Claims.NoEpochHasTwoOwnersAsync();
        Assert.Empty(await running.EventsAsync("state=dead"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes) await node.DisposeAsync();
        await _chat.DisposeAsync();
    }

    private Task<object?> QueryAsync(string sql) =>
        Server.QueryAsync(sql.Replace("{schema}", _schema, StringComparison.Ordinal));

    private async Task<object?> CountAsync(string reason) =>
        await QueryAsync($"SELECT count(*) FROM {{schema}}.attempt WHERE reason = '{reason}'");

    // All deliveries in the order in which they were stored.
    private async Task<IReadOnlyList<MessageKey>> ReadMessagesAsync()
    {
        var lines = (string)(await QueryAsync(
            """
            SELECT string_agg(d.destination || ' ' || e.subject_id || ' ' || e.name, E'\n' ORDER BY d.id)
            FROM {schema}.delivery AS d JOIN {schema}.event AS e ON e.seq = d.event_seq
            """))!;
        return
        [
            .. lines.Split('\n').Select(line => line.Split(' ')).Select(parts =>
                new MessageKey(parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture), parts[2]["defect.".Length..])),
        ];
    }

    private void Configure(SceneNode node)
    {
        node.Settings.Set("Outbox:Schema", _schema);
        node.Connect(Server.ConnectionString());
        foreach (var (name, kind) in Lanes) node.Settings.Destination(name, _chat.AddressOf(name, kind, node.Number), kind);
        for (var index = 0; index < Projects.Length; index++)
        {
            var (project, destinations) = Projects[index];
            node.Settings.Route("", project).Set($"Routes:{index}:To", new JsonArray([.. destinations.Select(name => (JsonNode)name)]));
        }
    }
}
