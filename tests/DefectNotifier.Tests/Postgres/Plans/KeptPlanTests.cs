using System.Text.Json.Nodes;
using DefectNotifier.Postgres.Database;
using DefectNotifier.Postgres.Leases;
using DefectNotifier.Postgres.Writing;
using DefectNotifier.Sql.Reading;
using DefectNotifier.Testing;
using Npgsql;

namespace DefectNotifier.Tests.Postgres.Plans;

/// <summary>
/// What a transaction reads ahead is prepared, and the server keeps a plan that it made long ago until it analyses a table.
/// </summary>
public sealed class KeptPlanTests
{
    /// <summary>As many as a large batch has.</summary>
    private const int Many = 64;

    private const int First = 15_000;

    private static readonly long[] Ids = [.. Enumerable.Range(First, Many).Select(id => (long)id)];

    private static readonly (string Sql, object?[] Values)[] ReadAhead =
    [
        (BulkSql.Counters, []),
        (ClaimSql.Find, [Texts(at => $"lane-{at}")]),
        (BulkSql.FindDeliveries, [Ids]),
        (BulkSql.FindEvents, [Array.ConvertAll(Ids, id => BitConverter.GetBytes(id).Reverse().ToArray())]),
        (SilenceSql.CurrentSilences, [Some.Moment.ToUnixTimeMilliseconds()]),
        (BulkSql.FindDefects, [Ids, Texts(_ => "WEB"), Texts(_ => "")]),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Plan_KeptSinceTheTablesWereEmpty_ReadsLittleMoreThanItsAnswer()
    {
        await using var schema = await TemporarySchema.CreateAsync(isNew: true);
        await schema.Open().DisposeAsync();
        await schema.QueryAsync(PlanStore.Analyse);
        await using var connection = new NpgsqlConnection(schema.Server.ConnectionString());
        await connection.OpenAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await RunAsync($"SELECT {BulkSql.ByKeys}");
        await RunAsync("SET LOCAL plan_cache_mode = force_generic_plan");
        var dialect = new PostgresDialect(schema.Name);
        for (var at = 0; at < ReadAhead.Length; at++)
        {
            await RunAsync($"PREPARE kept_{at} AS {dialect.Of(ReadAhead[at].Sql)}");
            await RunAsync(ExecutionOf(at));
        }

        foreach (var rows in (string[])[PlanRows.Events, PlanRows.Others, PlanRows.Present])
        {
            var filled = rows.Replace("{schema}", schema.Name, StringComparison.Ordinal);
            await RunAsync(filled.Replace("{first}", $"{First}", StringComparison.Ordinal));
        }

        for (var at = 0; at < ReadAhead.Length; at++)
        {
            await using var command = new NpgsqlCommand($"EXPLAIN (ANALYZE, FORMAT JSON) {ExecutionOf(at)}", connection);
            var plan = new QueryPlan(JsonNode.Parse((string)(await command.ExecuteScalarAsync(Token))!)![0]!["Plan"]!);
            var problem = plan.FindProblem(Many);
            Assert.True(problem is null, $"{ReadAhead[at].Sql}\n{problem}");
        }

        async Task RunAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(Token);
        }
    }

    // EXECUTE takes no parameters.
    private static string ExecutionOf(int at)
    {
        var values = ReadAhead[at].Values;
        return values.Length == 0 ? $"EXECUTE kept_{at}" : $"EXECUTE kept_{at} ({string.Join(", ", values.Select(LiteralOf))})";
    }

    private static string LiteralOf(object? value) => value switch
    {
        long number => $"{number}",
        string text => $"'{text}'",
        byte[] bytes => $"'\\x{Convert.ToHexString(bytes)}'::bytea",
        System.Collections.IEnumerable many => $"ARRAY[{string.Join(", ", many.Cast<object?>().Select(LiteralOf))}]",
        _ => throw new ArgumentException($"{value} is not written.", nameof(value)),
    };

    private static string[] Texts(Func<int, string> text) => [.. Enumerable.Range(0, Many).Select(text)];
}
