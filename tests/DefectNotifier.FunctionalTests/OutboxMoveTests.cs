using System.Text.Json.Nodes;
using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Postgres;
using DefectNotifier.Testing;
using DefectNotifier.Testing.Databases;

namespace DefectNotifier.FunctionalTests;

/// <summary>The outbox of a killed service is moved from its file into PostgreSQL.</summary>
public sealed class OutboxMoveTests
{
    private const int Events = 20;

    [Fact]
    public async Task Move_KilledOnceInTheMiddle_SendsEverythingFromTheDatabase()
    {
        Assert.SkipWhen(PostgresServer.SkipReason is not null, PostgresServer.SkipReason ?? "");
        var server = await PostgresServer.SharedAsync();
        var schema = PostgresServer.CreateSchemaName();
        using var folder = new TestFolder();
        using var chat = ChatServer.Down();
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.SlackWebhook).Route("web");
        await using (var worker = await WorkerProcess.ServeAsync(settings))
        {
            for (var i = 1; i <= Events; i++) await worker.Ingress.PostAsync(Webhooks.Created(i));
            await worker.KillAsync();
        }

        settings.Set("Outbox", new JsonObject { ["ConnectionString"] = server.ConnectionString(), ["Schema"] = schema });
        string[] move = ["outbox", "move", "--from", folder.File("outbox.db"), "--config", settings.Write("move.json")];
        await server.QueryAsync(PostgresSchemaScript.Of(0, schema));
        await server.QueryAsync(
            $"CREATE FUNCTION {schema}.wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(600); RETURN NEW; END $$");
        await server.QueryAsync(
            $"CREATE TRIGGER wait BEFORE INSERT ON {schema}.delivery FOR EACH ROW EXECUTE FUNCTION {schema}.wait()");
        await using (var killed = WorkerProcess.Start(folder.Path, move))
        {
            await Eventually.HoldsAsync(
                async () => await server.QueryAsync($"SELECT true {Copying(schema)}") is true,
                () => $"It copies nothing: {killed.Output.All}");
            await killed.KillAsync();
        }

        // The server would notice it at the end of the statement.
        await server.QueryAsync($"SELECT pg_terminate_backend(pid, 5000) {Copying(schema)}");
        await server.QueryAsync($"DROP TRIGGER wait ON {schema}.delivery");
        Assert.Equal(0L, await server.QueryAsync($"SELECT count(*) FROM {schema}.event"));

        var (exitCode, output) = await WorkerProcess.RunAsync(folder.Path, move);

        Assert.True(exitCode == 0, output.All);
        Assert.False(File.Exists(folder.File("outbox.db")));
        chat.Open();
        await using var moved = await WorkerProcess.ServeAsync(settings);
        await chat.PostedAsync("web", Events);
        await moved.Operations.DrainedAsync();
        Assert.Equal(Enumerable.Range(1, Events), chat.PostedTo("web").Select(call => call.Marker));
        Assert.Equal("duplicate", (await moved.Ingress.PostAsync(Webhooks.Created(1))).EventStatus);
    }

    private static string Copying(string schema) =>
        $"FROM pg_stat_activity WHERE query LIKE 'COPY {schema}.delivery%' AND wait_event = 'PgSleep'";
}
