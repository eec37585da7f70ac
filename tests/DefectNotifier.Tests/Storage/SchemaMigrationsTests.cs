using DefectNotifier.Storage;
using Microsoft.Data.Sqlite;

namespace DefectNotifier.Tests.Storage;

public sealed class SchemaMigrationsTests : IDisposable
{
    private static readonly string[] Two = ["CREATE TABLE one (a INTEGER) STRICT", "CREATE TABLE two (b INTEGER) STRICT"];

    private readonly SqliteConnection _connection = new("Data Source=:memory:;Pooling=False");

    public SchemaMigrationsTests() => _connection.Open();

    public void Dispose() => _connection.Dispose();

    [Fact]
    public void Run_NewDatabase_RunsAllAndCountsThem()
    {
        SchemaMigrations.Run(_connection, 0, Two);

        Assert.Equal(["one", "two"], Tables());
        Assert.Equal(2, SchemaMigrations.ReadVersion(_connection, "outbox.db", newest: 2));
    }

    [Fact]
    public void Run_OlderDatabase_RunsWhatIsMissing()
    {
        SchemaMigrations.Run(_connection, 0, Two[..1]);

        SchemaMigrations.Run(_connection, SchemaMigrations.ReadVersion(_connection, "outbox.db", newest: 2), Two);

        Assert.Equal(["one", "two"], Tables());
    }

    [Fact]
    public void Run_SecondOneBreaks_LeavesTheFirst()
    {
        string[] broken = [Two[0], "CREATE TABLE half (a INTEGER); CREATE TABLE one (a INTEGER)"];

        Assert.Throws<SqliteException>(() => SchemaMigrations.Run(_connection, 0, broken));

        Assert.Equal(["one"], Tables());
        Assert.Equal(1, SchemaMigrations.ReadVersion(_connection, "outbox.db", newest: 2));
    }

    private List<string> Tables()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT name FROM sqlite_schema ORDER BY name";
        using var row = command.ExecuteReader();
        var names = new List<string>();
        while (row.Read())
            names.Add(row.GetString(0));
        return names;
    }
}
