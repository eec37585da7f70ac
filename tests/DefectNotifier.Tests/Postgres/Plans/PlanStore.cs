using DefectNotifier.Outbox.Contract;
using DefectNotifier.Postgres;
using DefectNotifier.Testing;
using Npgsql;

namespace DefectNotifier.Tests.Postgres.Plans;

/// <summary>
/// A large outbox whose statistics do not fit its data: PostgreSQL chooses its plans by them, and they are always late. The server logs the
/// plan of each statement that a node sends.
/// </summary>
internal sealed class PlanStore : IAsyncDisposable
{
    public const string AnalysedEmpty = "analysed empty, then filled";
    public const string AnalysedFull = "analysed full, then drained";
    public const string NeverAnalysed = "never analysed";

    public const string Analyse = "DO $$ BEGIN EXECUTE (SELECT string_agg(format('ANALYZE {schema}.%I', tablename), '; ') "
        + "FROM pg_tables WHERE schemaname = '{schema}'); END $$";

    private const string WithoutAutovacuum =
        """
        DO $$ DECLARE one text; BEGIN
            FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = '{schema}'
            LOOP EXECUTE format('ALTER TABLE {schema}.%I SET (autovacuum_enabled = false)', one); END LOOP;
        END $$
        """;

    // The settings of a login that only the nodes of this outbox use.
    private const string Login =
        """
        CREATE ROLE {schema} SUPERUSER LOGIN;
        ALTER ROLE {schema} SET session_preload_libraries = 'auto_explain';
        ALTER ROLE {schema} SET auto_explain.log_min_duration = 0;
        ALTER ROLE {schema} SET auto_explain.log_analyze = on;
        ALTER ROLE {schema} SET auto_explain.log_timing = off;
        ALTER ROLE {schema} SET auto_explain.log_format = 'json'
        """;

    private int _logged;

    private PlanStore(TemporarySchema schema) => Schema = schema;

    public static IReadOnlyList<string> Kinds { get; } = [AnalysedEmpty, AnalysedFull, NeverAnalysed];

    public TemporarySchema Schema { get; }

    public static async Task<PlanStore> CreateAsync(string kind)
    {
        var store = new PlanStore(await TemporarySchema.CreateAsync(isNew: true));
        try
        {
            await store.FillAsync(kind);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a node whose statements are logged.</summary>
    public PostgresOutbox Open(string node, IOutboxNews? news = null) => Schema.Open(news, node);

    /// <summary>Everything that the nodes have executed. They must be closed.</summary>
    public async Task<IReadOnlyList<LoggedStatement>> ReadAsync()
    {
        await Eventually.HoldsAsync(
            async () => await RunAsync("SELECT count(*) FROM pg_stat_activity WHERE usename = '{schema}'") is 0L,
            () => "all sessions have ended");
        return [.. LoggedStatement.ReadAll(Schema.Server.Log[_logged..])];
    }

    public Task<object?> RunAsync(string sql) => Schema.QueryAsync(sql);

    public async ValueTask DisposeAsync()
    {
        await Schema.DisposeAsync();
        await RunAsync("DROP ROLE IF EXISTS {schema}");
    }

    private async Task FillAsync(string kind)
    {
        await Schema.Open().DisposeAsync();
        await RunAsync(WithoutAutovacuum);
        if (kind == AnalysedEmpty) await RunAsync(Analyse);
        await RunAsync(PlanRows.Events + PlanRows.Others);
        if (kind == AnalysedFull)
        {
            // A long queue was analysed, and was then delivered.
            await RunAsync(PlanRows.MakeBusy);
            await RunAsync(Analyse);
            await RunAsync(PlanRows.MakeIdle);
        }

        var firstPending = kind == AnalysedFull ? PlanRows.Count - 100 : PlanRows.Count / 2;
        await RunAsync(PlanRows.Present.Replace("{first}", $"{firstPending}", StringComparison.Ordinal));
        if (kind == AnalysedFull)
            foreach (var changed in (string[])["delivery", "attempt", "event", "enrichment_request"])
                await RunAsync($"VACUUM {{schema}}.{changed}");

        await RunAsync(Login);
        Schema.Address = new NpgsqlConnectionStringBuilder(Schema.Server.ConnectionString()) { Username = Schema.Name }.ConnectionString;
        _logged = Schema.Server.Log.Length;
    }
}
