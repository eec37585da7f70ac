using DefectNotifier.Postgres.Database;

namespace DefectNotifier.Tests.Postgres;

/// <summary>Connection strings: what is wrong with one is named without any of its values.</summary>
public sealed class PostgresAddressTests
{
    private const string Secret = "hunter2";

    [Theory]
    [InlineData("Host=db1;Database=defects", "db1:5432/defects, schema defect_notifier")]
    [InlineData("Host=db1,db2;Database=defects;Target Session Attributes=primary", "db1,db2:5432/defects, schema defect_notifier")]
    [InlineData("Server=db1:5433,db2;DATABASE=defects", "db1:5433,db2/defects, schema defect_notifier")]
    [InlineData("Host=db1;Port=6432;Database=my defects;", "db1:6432/my defects, schema defect_notifier")]
    [InlineData("Host=/var/run/postgresql;Database=defects", "/var/run/postgresql:5432/defects, schema defect_notifier")]
    [InlineData("Host=[::1]:5433;Database=defects", "[::1]:5433/defects, schema defect_notifier")]
    [InlineData("Host=::1;Database=defects", "::1/defects, schema defect_notifier")]
    public void NameIn_GoodText_HasServerDatabaseAndSchemaOnly(string text, string name)
    {
        var (address, problem) = PostgresAddress.Read($"{text};Username=notifier-{Secret};Password='{Secret};{Secret}='");

        Assert.Null(problem);
        Assert.Equal(name, address!.NameIn("defect_notifier"));
    }

    [Theory]
    [InlineData("Database=defects;Password=hunter2", "has no 'host'")]
    [InlineData("Host=;Database=defects;Password=hunter2", "has no 'host'")]
    [InlineData("Host=db1;Username=hunter2", "has no 'database'")]
    [InlineData("", "has no 'host'")]
    [InlineData(";;;", "has no 'host'")]
    [InlineData("hunter2", "can't be read;")]
    [InlineData("Host=db1;Database=defects;Password=x;hunter2", "can't be read after the value of 'password';")]
    [InlineData("Host=db1;Database=defects;Password=x;hunter2;Port=1", "has an unknown keyword after the value of 'password';")]
    [InlineData("Host=db1;Database=defects;Password='hunter2", "can't be read after the value of 'database';")]
    [InlineData("Host=db1;Database=defects;Password=x;hunter2=y", "has an unknown keyword after the value of 'password';")]
    [InlineData("hunter2=y;Host=db1;Database=defects", "has an unknown keyword;")]
    [InlineData("Host=db1;hunter2=y;Password=x;hunter2", "can't be read after the value of 'password';")]
    [InlineData("postgres://me:hunter2@db1/defects", "is an address;")]
    [InlineData("postgresql://me:hunter2@db1/defects?sslmode=require", "is an address;")]
    [InlineData("Host=db1;Database=defects;Port=hunter2", "has a value of 'port' that is not accepted")]
    [InlineData("Host=db1;Database=defects;SSL Mode=hunter2", "has a value of 'ssl mode' that is not accepted")]
    [InlineData("Host=db1;Database=defects;Timeout=hunter2", "has a value of 'timeout' that is not accepted")]
    [InlineData("Host=db1;Database=defects;Port=99999", "has a 'port' that is not a number from 1 to 65535")]
    [InlineData("Host=db1;Database=defects;Port=0", "has a value of 'port' that is not accepted")]
    [InlineData("Host=db1:hunter2;Database=defects", "has values that exclude each other, or a 'host' with a port")]
    [InlineData("Host=db1,db2:hunter2;Database=defects", "has values that exclude each other, or a 'host' with a port")]
    [InlineData("Host=db1;Database=defects;Minimum Pool Size=9;Maximum Pool Size=2", "has values that exclude each other")]
    [InlineData("Host=me:hunter2@db1;Database=defects", "has a 'host' that is more than a name;")]
    [InlineData("Host=db1;Database=defects?password=hunter2", "has a 'database' that is more than a name;")]
    [InlineData("Host=db1;Database=\"defects\nhunter2\"", "has a 'database' that is more than a name;")]
    [InlineData("Host=db1;Database=defects;Password=your-hunter2", "has a 'password' that is an example value")]
    [InlineData("Host=db1;Database=defects;Pwd=${hunter2}", "has a 'password' that is a placeholder that was not replaced")]
    public void Read_WrongText_NamesTheKeywordWithoutAnyValue(string text, string expected)
    {
        var (address, problem) = PostgresAddress.Read(text);

        Assert.Null(address);
        Assert.StartsWith(expected, problem, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, problem, StringComparison.Ordinal);
    }
}
