using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres.Sessions;
using DefectNotifier.Postgres.Writing;
using DefectNotifier.Sql.Reading;
using DefectNotifier.Sql.Writing;

namespace DefectNotifier.Tests.Postgres.Plans;

/// <summary>
/// What every statement of the outbox reads, with statistics that do not fit the data. A statement that no scene executes fails here, too.
/// </summary>
public sealed partial class StatementPlanTests(StatementPlanTests.Executions executions) : IClassFixture<StatementPlanTests.Executions>
{
    /// <summary>Of a batch of 64: the server was asked for them at once.</summary>
    private const int ManyAtOnce = 32;

    /// <summary>Small tables are read as a whole.</summary>
    private const int SmallTable = 2 * ISessionStore.Max;

    /// <summary>More than the pending deliveries, and less than all.</summary>
    private const int Pending = PlanRows.Count * 6 / 10;

    // PostgreSQL writes all rows of a transaction at once, reads ahead, gives the numbers itself, and lists waiting deliveries in its own
    // way.
    private static readonly HashSet<string> OnlySqlite =
    [
        .. ((string[])
            [
                nameof(WriteSql.InsertEvent), nameof(WriteSql.InsertDelivery), nameof(WriteSql.UpdateDelivery),
                nameof(WriteSql.InsertAttempt), nameof(WriteSql.EndAttempt), nameof(WriteSql.InsertDefect), nameof(WriteSql.UpdateDefect),
                nameof(WriteSql.InsertSilence), nameof(WriteSql.FindDeliveryStates), nameof(WriteSql.DeleteAttempts),
                nameof(WriteSql.DeleteActions), nameof(WriteSql.DeleteMessages), nameof(WriteSql.DeleteDigests),
                nameof(WriteSql.DeleteDeliveries), nameof(WriteSql.DeleteEvent),
            ]).Select(name => $"{nameof(WriteSql)}.{name}"),
        $"{nameof(DeliverySql)}.OfPriority",
    ];

    // Their answers are numbers: what they count must be read.
    private static readonly HashSet<string> Counting =
    [
        $"{nameof(ReadSql)}.{nameof(ReadSql.Backlog)}",
        $"{nameof(DigestSql)}.{nameof(DigestSql.DeferredCounts)}",
        $"{nameof(StatisticsSql)}.{nameof(StatisticsSql.Failed)}",
        $"{nameof(BulkSql)}.{nameof(BulkSql.SubtractBytes)}",
        $"{nameof(ReadSql)}.{nameof(ReadSql.Overdue)}",
        $"{nameof(ReadSql)}.{nameof(ReadSql.CountRequests)}",
    ];

    // How many rows they may read, whatever their answers are.
    private static readonly Dictionary<string, int> Allowed = new(StringComparer.Ordinal)
    {
        // A table with ISessionStore.Max rows at most.
        [$"{nameof(SessionSql)}.{nameof(SessionSql.Find)}"] = SmallTable,
        [$"{nameof(SessionSql)}.{nameof(SessionSql.RemoveExpired)}"] = SmallTable,
        [$"{nameof(SessionSql)}.{nameof(SessionSql.Keep)}"] = SmallTable,
        [$"{nameof(SessionSql)}.{nameof(SessionSql.KeepOfOperator)}"] = SmallTable,
        // A table with one row for each rate limit of the settings.
        [$"{nameof(ReadSql)}.{nameof(ReadSql.RateLimit)}"] = SmallTable,
        // The attempts in progress: at most a few for each lane.
        [$"{nameof(WriteSql)}.{nameof(WriteSql.FindOpenDeliveries)}"] = SmallTable,
        // What is pending, as on SQLite.
        [$"{nameof(SummarySql)}.{nameof(SummarySql.EventsWaiting)}"] = Pending,
        // Once for each notice, what is pending for the destination, or what is overdue.
        [$"{nameof(ReadSql)}.{nameof(ReadSql.OldestOverdue)}"] = Pending,
        [$"{nameof(WriteSql)}.{nameof(WriteSql.ClearAnnouncements)}"] = Pending,
        // The latest deliveries, RecentCount.MaxDeliveries at most, to find those that have just ended; an index may have two entries for
        // each.
        [$"{nameof(StatisticsSql)}.{nameof(StatisticsSql.Recent)}"] = 2 * RecentCount.MaxDeliveries,
    };

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var kind in PlanStore.Kinds)
                foreach (var (name, text) in StatementTexts.All)
                    if (!OnlySqlite.Contains(name) && StatementTexts.HasPlan(text)) cases.Add(kind, name);
            return cases;
        }
    }

    public static TheoryData<string> Kinds => [.. PlanStore.Kinds];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Plan_WithAnyStatistics_ReadsLittleMoreThanItsAnswer(string statistics, string statement)
    {
        var executed = await executions.RunAsync(statistics);

        Assert.True(
            executed.Any(one => one.Text.Contains(StatementTexts.All[statement], StringComparison.Ordinal)),
            $"{statement} was not executed. Let a scene do what executes it, or remove it.");
        foreach (var one in executed.Where(one => one.Name == statement))
        {
            var problem = one.Plan.FindProblem(
                isCount: Counting.Contains(statement), allowed: Allowed.GetValueOrDefault(statement, QueryPlan.Slack));
            Assert.True(problem is null, $"{statement}, {statistics}: {problem}");
        }
    }

    /// <summary>A plan for one row says little about one for many.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Plan_OfAStatementForManyRows_WasMadeForMany(string statistics)
    {
        string[] bulk =
        [
            nameof(BulkSql.FindEvents), nameof(BulkSql.FindDefects), nameof(BulkSql.FindDeliveries), nameof(BulkSql.InsertEvents),
            nameof(BulkSql.InsertDeliveries), nameof(BulkSql.InsertDefects), nameof(BulkSql.InsertAttempts), nameof(BulkSql.UpdateDefects),
            nameof(BulkSql.UpdateDeliveries), nameof(BulkSql.EndAttempts), nameof(BulkSql.FindDeliveryStates),
            .. new[] { 0, 1, 2, 4, 5 }.Select(at => $"{nameof(BulkSql.DeleteEvents)}[{at}]"),
        ];

        var executed = await executions.RunAsync(statistics);

        Assert.All(bulk, name => Assert.Contains(
            executed, one => one.Name == $"{nameof(BulkSql)}.{name}" && Math.Max(one.Plan.Asked, one.Plan.Changed) >= ManyAtOnce));
    }

    /// <summary>Everything that is sent is a constant of a class for SQL, or made of some.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Execution_OfAnOpenOutbox_IsOfKnownStatements(string statistics)
    {
        var executed = await executions.RunAsync(statistics);

        // The version of the tables is read once, when the outbox is opened.
        var unknown = executed.Where(one => one is { Name: null, IsOfTables: true }).Select(one => one.Text).Distinct();
        Assert.All(unknown, text => Assert.EndsWith(" FROM schema_version", text, StringComparison.Ordinal));
    }

    /// <summary>Statements in other files are executed by none of the scenes.</summary>
    [Fact]
    public void Sources_OtherFiles_HoldOnlyStatementsThatReadNoTableOrRunOnce()
    {
        string[] others =
        [
            // Catalogs, functions and locks.
            "NewsListener.cs", "PostgresOutboxCheck.cs", "PostgresStatements.cs", "PostgresWriteSession.cs", "ServerFacts.cs",
            // Once, when an outbox is opened or moved: whole tables.
            "PostgresMove.cs", "SchemaMigration.cs", "TableCopy.cs",
        ];

        var found = ((string[])["DefectNotifier.Postgres", "DefectNotifier.Sql"]).SelectMany(project => Repository.Sources("src", project))
            .Where(file => !file.EndsWith("Sql.cs", StringComparison.Ordinal) && Statement().IsMatch(File.ReadAllText(file)))
            .Select(file => Path.GetFileName(file)!);

        Assert.Equal(others.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"""\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH)\s", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Statement();

    /// <summary>What was executed with each kind of statistics, once for all tests.</summary>
    public sealed class Executions
    {
        private readonly ConcurrentDictionary<string, Lazy<Task<IReadOnlyList<NamedStatement>>>> _byKind = new(StringComparer.Ordinal);

        internal Task<IReadOnlyList<NamedStatement>> RunAsync(string statistics) =>
            _byKind.GetOrAdd(statistics, kind => new(() => ExecuteAsync(kind))).Value;

        private static async Task<IReadOnlyList<NamedStatement>> ExecuteAsync(string statistics)
        {
            await using var store = await PlanStore.CreateAsync(statistics);
            await new PlanScene(store).RunAsync();
            var schema = store.Schema.Name;
            return
            [
                .. (await store.ReadAsync()).GroupBy(one => one.Text, StringComparer.Ordinal).SelectMany(same =>
                {
                    var text = StatementTexts.Normalize(same.Key, schema);
                    var (name, isOfTables) = (StatementTexts.NameOf(text), same.Key.Contains($" {schema}.", StringComparison.Ordinal));
                    return same.Select(one => new NamedStatement(name, text, isOfTables, one.Plan));
                }),
            ];
        }
    }

    /// <summary>A statement that was executed.</summary>
    /// <param name="Name">The longest known text in it; null: none.</param>
    /// <param name="Text">Its text, as <see cref="StatementTexts.Normalize"/> writes it.</param>
    /// <param name="IsOfTables">True: it names a table of the outbox.</param>
    /// <param name="Plan">Its plan.</param>
    internal sealed record NamedStatement(string? Name, string Text, bool IsOfTables, QueryPlan Plan);
}
