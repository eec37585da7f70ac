using DefectNotifier.Postgres.Database;
using DefectNotifier.Testing.Databases;

namespace DefectNotifier.Tests.Postgres;

public sealed class PostgresStatementsTests
{
    [Fact]
    public async Task Execute_Repeated_IsPreparedByTheServer()
    {
        Assert.SkipWhen(PostgresServer.SkipReason is not null, PostgresServer.SkipReason ?? "");
        using var database = new PostgresDatabase((await PostgresServer.SharedAsync()).ConnectionString(), "s");

        using var statements = database.NewStatements();

        Assert.Equal([1, 2, 3], Repeat(statements, 3));
        Assert.Equal(1, CountPrepared(statements));
    }

    [Fact]
    public async Task Execute_NotRepeated_IsNotPrepared()
    {
        Assert.SkipWhen(PostgresServer.SkipReason is not null, PostgresServer.SkipReason ?? "");
        using var database = new PostgresDatabase((await PostgresServer.SharedAsync()).ConnectionString(), "s");

        using var statements = database.NewStatements();
        statements.Run("SELECT $number + 0", 1L);
        statements.Flush();

        Assert.Equal(0, CountPrepared(statements));
    }

    [Fact]
    public async Task Execute_RepeatedBehindAPooler_IsNotPrepared()
    {
        Assert.SkipWhen(PgBouncer.SkipReason is not null, PgBouncer.SkipReason ?? "");
        await using var bouncer = await PgBouncer.CreateAsync(await PostgresServer.SharedAsync());
        using var database = new PostgresDatabase(bouncer.ConnectionString(), "s");

        // Both use the same connection to the server, in turn.
        using var first = database.NewStatements();
        using var second = database.NewStatements();

        Assert.Equal([1, 2, 3], Repeat(first, 3));
        Assert.Equal([1, 2, 3], Repeat(second, 3));
        Assert.Equal(0, CountPrepared(first));
    }

    private static List<long> Repeat(PostgresStatements statements, int times)
    {
        var read = new List<long>();
        for (var number = 1L; number <= times; number++)
        {
            statements.Run("SELECT $number + 0", number);
            using var reader = statements.Execute(isRepeated: true);
            reader.Read();
            read.Add(reader.GetInt64(0));
        }

        return read;
    }

    private static long CountPrepared(PostgresStatements statements) =>
        statements.ReadNumber("SELECT count(*) FROM pg_prepared_statements");
}
