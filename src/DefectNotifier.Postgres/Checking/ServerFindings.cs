using System.Globalization;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres.Schema;

namespace DefectNotifier.Postgres.Checking;

/// <summary>What the facts about a server mean for the outbox.</summary>
internal static class ServerFindings
{
    public const string Connection = "Outbox:ConnectionString";
    public const string ListenConnection = "Outbox:ListenConnectionString";

    /// <summary>The oldest release of PostgreSQL that is tested; its project does not maintain older ones.</summary>
    private const int OldestServer = 15;

    private const string Migrate = "Outbox:Migrate";

    private static readonly TimeSpan BadSkew = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan KnownSkew = TimeSpan.FromSeconds(2);

    /// <summary>Null: the release is new enough for all the other questions.</summary>
    public static OutboxFinding? OfVersion(Version version) => version.Major >= OldestServer
        ? null
        : Error(Connection, $"The server is PostgreSQL {version}, and {OldestServer} or newer is needed.", "Upgrade the server.");

    public static IEnumerable<OutboxFinding> Of(ServerFacts facts, string schema, bool mayMigrate) =>
        ((IEnumerable<OutboxFinding?>)
        [
            OfAccess(facts),
            .. OfTables(facts, schema, mayMigrate),
            OfClock(facts.Ahead),
            OfStandbys(facts),
            OfCommits(facts),
            OfSync(facts),
        ]).OfType<OutboxFinding>();

    private static OutboxFinding? OfAccess(ServerFacts facts) => facts.IsReadOnly
        ? Error(
            Connection,
            "The server only reads: it is a standby, or default_transaction_read_only is on.",
            "Name the primary, or all servers (Host=db1,db2): the one that writes is used.")
        : null;

    private static IEnumerable<OutboxFinding?> OfTables(ServerFacts facts, string schema, bool mayMigrate)
    {
        // Without these rights the version was not read.
        if (OfRights(facts, schema).ToList() is { Count: > 0 } missing) return missing;
        var (present, least) = facts.Tables;
        if (least > PostgresSchema.Version)
        {
            return [Error(
                Connection,
                $"The tables were changed by a newer DefectNotifier (schema {present}, this one knows {PostgresSchema.Version}).",
                "Run that version.")];
        }

        return present < PostgresSchema.Version ? OfMissing(facts, schema, mayMigrate) : [];
    }

    private static IEnumerable<OutboxFinding> OfRights(ServerFacts facts, string schema)
    {
        if (facts.HasSchema && !facts.MayUseSchema)
            yield return Error(Connection, $"The login can't use the schema {schema}.", Grant($"USAGE ON SCHEMA {schema}"));
        if (!facts.MayWrite)
        {
            yield return Error(
                Connection,
                "The login lacks rights on tables of the outbox.",
                Grant($"SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema}"));
        }
    }

    private static IEnumerable<OutboxFinding?> OfMissing(ServerFacts facts, string schema, bool mayMigrate)
    {
        var present = facts.Tables.Present;
        if (present == 0 && !facts.HasIcu)
        {
            yield return Error(
                Connection,
                "The server has no ICU collations, which the names of destinations need.",
                "Use a server that is built with ICU, as the packages of all systems are.");
        }

        if (present == 0 && facts.Encoding != "UTF8")
        {
            yield return Error(
                Connection, $"The database's encoding is {facts.Encoding}, which can't store every text.",
                "Create a database with ENCODING 'UTF8'.");
        }

        var state = present == 0
            ? $"The tables do not exist yet in the schema {schema}."
            : $"The tables have schema {present}, and this program needs {PostgresSchema.Version}.";
        var command = present == 0 ? "outbox schema" : $"outbox schema --from {present}";
        if (!mayMigrate)
            yield return Error(Migrate, state, $"Run the SQL that '{command}' prints, or set Outbox:Migrate to true.");
        else if (!(facts.HasSchema ? facts.MayCreateTables && facts.OwnsTables : facts.MayCreateSchema))
        {
            // Only the owner of a table may change it, and no right makes another login its owner.
            yield return Error(
                Migrate,
                $"{state} The login may not {(present == 0 ? "create" : "change")} them.",
                $"Let an administrator run the SQL that '{command}' prints"
                + (facts.OwnsTables
                    ? $", or {Grant(facts.HasSchema ? $"CREATE ON SCHEMA {schema}" : "CREATE ON DATABASE")} "
                        + "Tables belong to the login that creates them."
                    : ", as the owner of the tables."));
        }
        else
            yield return Note(Migrate, state, $"The service {(present == 0 ? "creates" : "changes")} them when it starts.");
    }

    private static OutboxFinding? OfClock(TimeSpan ahead)
    {
        if (ahead.Duration() <= KnownSkew) return null;
        var seconds = ahead.Duration().TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        var message = $"The clock of this machine is {seconds} s {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} the database's.";
        const string Advice = "Synchronise the clocks of both machines (NTP).";
        return ahead.Duration() > BadSkew ? Error(Connection, message, Advice) : Note(Connection, message, Advice);
    }

    private static OutboxFinding? OfStandbys(ServerFacts facts)
    {
        if (facts.Standbys == 0) return null;
        if (facts.SynchronousStandbys.Length == 0)
        {
            return Warning(
                "The server's standbys are asynchronous (synchronous_standby_names is empty): the last accepted events can be lost in a "
                + "failover.",
                "Set synchronous_standby_names on the server, for example to ANY 1 (*).");
        }

        return facts.SynchronousCommit == "local"
            ? Warning(
                "The server's synchronous_commit is local, which does not wait for a standby: the last accepted events can be lost in a "
                + "failover.",
                "Set synchronous_commit to on for the login or the database.")
            : null;
    }

    private static OutboxFinding? OfCommits(ServerFacts facts) => facts.SynchronousCommit == "off"
        ? Note(
            Connection,
            "The server's synchronous_commit is off; the outbox turns it on for its own transactions.",
            "Nothing needs to be done.")
        : null;

    private static OutboxFinding? OfSync(ServerFacts facts) => facts.Syncs
        ? null
        : Warning(
            "The server's fsync or full_page_writes is off: a crash of its machine can lose or damage everything.",
            "Turn both on, as they are by default.");

    private static string Grant(string right) => $"GRANT {right} to the login.";

    private static OutboxFinding Error(string setting, string message, string advice) =>
        new(OutboxSeverity.Error, setting, message, advice);

    private static OutboxFinding Warning(string message, string advice) =>
        new(OutboxSeverity.Warning, Connection, message, advice);

    private static OutboxFinding Note(string setting, string message, string advice) =>
        new(OutboxSeverity.Note, setting, message, advice);
}
