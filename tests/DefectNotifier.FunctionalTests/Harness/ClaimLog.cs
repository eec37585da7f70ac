using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>
/// Records who owned which lane, with a trigger in the database: it sees every change of a claim, also those that no node knows of. Before
/// <see cref="OpenAsync"/> only one lane can be claimed, by the first node, so that it surely has one and the nodes share the others.
/// </summary>
/// <param name="first">The name of the first node.</param>
/// <param name="query">Runs a statement; <c>{schema}</c> is replaced.</param>
internal sealed class ClaimLog(string first, Func<string, Task<object?>> query)
{
    private const string Create =
        """
        CREATE TABLE {schema}.claim_log (
            seq bigint GENERATED ALWAYS AS IDENTITY, at timestamptz NOT NULL, name text NOT NULL, owner bigint, epoch bigint NOT NULL);
        CREATE TABLE {schema}.claim_gate (is_open boolean NOT NULL);
        CREATE FUNCTION {schema}.guard_claim() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            RETURN CASE WHEN EXISTS (SELECT 1 FROM {schema}.claim_gate)
                OR (left(NEW.name COLLATE "C", 1) <> '@' AND NOT EXISTS (SELECT 1 FROM {schema}.claim)
                    AND EXISTS (SELECT 1 FROM {schema}.node WHERE id = NEW.owner AND name = '{first}')) THEN NEW END;
        END $$;
        CREATE FUNCTION {schema}.log_claim() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            INSERT INTO {schema}.claim_log (at, name, owner, epoch) VALUES (clock_timestamp(), NEW.name, NEW.owner, NEW.epoch);
            RETURN NULL;
        END $$;
        CREATE TRIGGER guard_claim BEFORE INSERT ON {schema}.claim FOR EACH ROW EXECUTE FUNCTION {schema}.guard_claim();
        CREATE TRIGGER log_claim AFTER INSERT OR UPDATE ON {schema}.claim FOR EACH ROW EXECUTE FUNCTION {schema}.log_claim()
        """;

    public Task CreateAsync() => query(Create.Replace("{first}", first, StringComparison.Ordinal));

    public async Task OpenAsync()
    {
        await Eventually.HoldsAsync(async () => (await LanesOfAsync(first)).Count > 0, () => $"{first} has a lane");
        await query("INSERT INTO {schema}.claim_gate (is_open) VALUES (true)");
    }

    /// <summary>How many nodes live.</summary>
    public async Task<long> CountNodesAsync() =>
        (long)(await query("SELECT count(*) FROM {schema}.node WHERE expires_at > clock_timestamp()"))!;

    /// <summary>The lanes that a living node of this name owns; null: any.</summary>
    public async Task<IReadOnlyList<string>> LanesOfAsync(string? node = null) => Lines(await query(
        $$"""
        SELECT string_agg(c.name, E'\n') FROM {schema}.claim AS c JOIN {schema}.node AS n ON n.id = c.owner
        WHERE n.expires_at > clock_timestamp() AND left(c.name COLLATE "C", 1) <> '@' {{(node is null ? "" : $"AND n.name = '{node}'")}}
        """));

    /// <summary>The epochs of a lane only grow, and each has one owner.</summary>
    public async Task NoEpochHasTwoOwnersAsync()
    {
        Assert.Empty(Lines(await query(
            """
            SELECT string_agg(name || ' ' || epoch, E'\n') FROM (
                SELECT name, epoch FROM {schema}.claim_log WHERE owner IS NOT NULL
                GROUP BY name, epoch HAVING count(DISTINCT owner) > 1) AS twice
            """)));
        Assert.Empty(Lines(await query(
            """
            SELECT string_agg(a.name || ' ' || a.epoch, E'\n') FROM {schema}.claim_log AS a
            WHERE a.owner IS NOT NULL
                AND EXISTS (SELECT 1 FROM {schema}.claim_log AS b WHERE b.name = a.name AND b.seq < a.seq AND b.epoch > a.epoch)
            """)));
    }

    private static string[] Lines(object? text) => text is string lines ? lines.Split('\n') : [];
}
