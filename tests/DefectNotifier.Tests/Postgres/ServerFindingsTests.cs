using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres.Checking;
using DefectNotifier.Postgres.Schema;

namespace DefectNotifier.Tests.Postgres;

public sealed class ServerFindingsTests
{
    private static readonly ServerFacts Good = new()
    {
        Encoding = "UTF8",
        HasIcu = true,
        IsReadOnly = false,
        HasSchema = true,
        MayCreateSchema = true,
        MayUseSchema = true,
        MayCreateTables = true,
        OwnsTables = true,
        MayWrite = true,
        Standbys = 0,
        SynchronousStandbys = "",
        SynchronousCommit = "on",
        Syncs = true,
        Tables = (PostgresSchema.Version, 1),
    };

    private static readonly ServerFacts Empty = Good with
    {
        HasSchema = false,
        MayUseSchema = false,
        MayCreateTables = false,
        Tables = (0, 0),
    };

    private static IReadOnlyList<Case> All { get; } =
    [
        new(Good, null),
        new(Good with { IsReadOnly = true }, "Error: The server only reads"),
        new(Good with { Tables = (3, PostgresSchema.Version + 1) }, "Error: The tables were changed by a newer DefectNotifier"),
        new(Good with { MayUseSchema = false, Tables = (0, 0) }, "Error: The login can't use the schema"),
        new(Good with { MayWrite = false }, "Error: The login lacks rights on tables"),
        // A database administrator owns the tables.
        new(Good with { MayCreateTables = false, OwnsTables = false, MayCreateSchema = false }, null),
        new(Empty, "Note: The tables do not exist yet", "Outbox:Migrate"),
        new(Empty, "Error: The tables do not exist yet", "Outbox:Migrate", MayMigrate: false),
        new(Empty with { MayCreateSchema = false }, "Error: The tables do not exist yet", "Outbox:Migrate"),
        // The administrator has made the schema for the login.
        new(Good with { Tables = (0, 0), MayCreateSchema = false }, "Note: The tables do not exist yet", "Outbox:Migrate"),
        new(Good with { Tables = (0, 0), MayCreateTables = false }, "Error: The tables do not exist yet", "Outbox:Migrate"),
        new(Good with { Ahead = TimeSpan.FromSeconds(-31) }, "Error: The clock of this machine is 31 s behind the database's"),
        new(Good with { Ahead = TimeSpan.FromSeconds(30) }, "Note: The clock of this machine is 30 s ahead of the database's"),
        new(Good with { Ahead = TimeSpan.FromSeconds(2) }, null),
        new(Good with { Standbys = 1 }, "Warning: The server's standbys are asynchronous"),
        new(Good with { Standbys = 1, SynchronousStandbys = "*" }, null),
        new(
            Good with { Standbys = 1, SynchronousStandbys = "*", SynchronousCommit = "local" },
            "Warning: The server's synchronous_commit is local"),
        new(Good with { SynchronousCommit = "off" }, "Note: The server's synchronous_commit is off"),
        new(Good with { SynchronousCommit = "remote_apply" }, null),
        new(Good with { Syncs = false }, "Warning: The server's fsync or full_page_writes is off"),
    ];

    // A right to create tables does not help: only their owner may change them.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_OldTablesOfAnotherLogin_NamesNoRightThatDoesNotHelp(bool mayCreateTables)
    {
        var facts = Good with { Tables = (1, 1), OwnsTables = false, MayCreateTables = mayCreateTables };

        var finding = Assert.Single(ServerFindings.Of(facts, "defects", mayMigrate: true));

        Assert.Equal(
            "Let an administrator run the SQL that 'outbox schema --from 1' prints, as the owner of the tables.", finding.Advice);
    }

    [Fact]
    public void Of_EachFact_HasItsFinding() => Assert.All(All, one =>
    {
        var findings = ServerFindings.Of(one.Facts, "defects", one.MayMigrate).ToList();

        Assert.Equal(one.Words is null ? 0 : 1, findings.Count);
        Assert.All(findings, finding =>
        {
            Assert.StartsWith(one.Words!, $"{finding.Severity}: {finding.Message}", StringComparison.Ordinal);
            Assert.Equal(one.Setting, finding.Setting);
            Assert.EndsWith(".", finding.Message, StringComparison.Ordinal);
            Assert.EndsWith(".", finding.Advice, StringComparison.Ordinal);
        });
    });

    [Fact]
    public void Of_LoginWithoutAnyRight_NamesBothGrants()
    {
        var facts = Good with { MayUseSchema = false, MayWrite = false, Tables = (0, 0) };

        var findings = ServerFindings.Of(facts, "defects", mayMigrate: true);

        Assert.Equal(
            ["GRANT USAGE ON SCHEMA defects to the login.",
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA defects to the login."],
            findings.Select(finding => finding.Advice));
    }

    [Fact]
    public void Of_ServerThatCannotHoldTheTables_SaysEachReason()
    {
        var findings = ServerFindings.Of(Empty with { HasIcu = false, Encoding = "SQL_ASCII" }, "defects", mayMigrate: true).ToList();

        Assert.Equal(
            [OutboxSeverity.Error, OutboxSeverity.Error, OutboxSeverity.Note], findings.Select(finding => finding.Severity));
        Assert.Contains("ICU", findings[0].Message, StringComparison.Ordinal);
        Assert.Contains("SQL_ASCII", findings[1].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("14.20", true)]
    [InlineData("15.0", false)]
    [InlineData("18.1", false)]
    public void OfVersion_BeforeTheOldestRelease_IsAnError(string version, bool isError) =>
        Assert.Equal(isError, ServerFindings.OfVersion(Version.Parse(version)) is not null);

    private sealed record Case(ServerFacts Facts, string? Words, string Setting = "Outbox:ConnectionString", bool MayMigrate = true);
}
