using System.Text.Json.Nodes;
using DefectNotifier.Postgres;
using DefectNotifier.Testing;
using DefectNotifier.Testing.Databases;

namespace DefectNotifier.Tests.Commands.Admin;

/// <summary>The commands for an outbox in a database: move, schema, check.</summary>
public sealed class DatabaseCommandTests : IAsyncDisposable
{
    private StoppedService? _service;

    public async ValueTask DisposeAsync()
    {
        if (_service is not null) await _service.DisposeAsync();
    }

    [Fact]
    public async Task Move_DryRunThenMove_ShowsTheSameOutbox()
    {
        var service = await ServiceAsync();
        var file = service.Database.Path;
        var before = await service.RunAsync("why", "1");
        File.Delete(service.Settings);
        UseDatabase(service);

        var dry = await service.RunAsync("outbox", "move", "--from", file, "--dry-run");
        Assert.Equal((0, ""), (dry.ExitCode, dry.Error));
        Assert.Matches(@"(?m)^event +2\s*$", dry.Output);
        Assert.Contains("No changes made.", dry.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(file));

        var moved = await service.RunAsync("outbox", "move", "--from", file);
        Assert.Equal((0, ""), (moved.ExitCode, moved.Error));
        Assert.EndsWith($"renamed the file to {file}.moved.\n", moved.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
        Assert.Equal(before.Output, (await service.RunAsync("why", "1")).Output);

        var check = await service.RunAsync("outbox", "check");
        Assert.Equal(0, check.ExitCode);
        Assert.Contains("can be used.", check.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("No damage", check.Output + check.Error, StringComparison.Ordinal);
        var online = await CommandRun.OfAsync("check", "--online", "--config", service.Settings);
        Assert.Contains("database-risk: The server's fsync", online.Output, StringComparison.Ordinal);
        Assert.Contains("can be used.", online.Output, StringComparison.Ordinal);

        var again = await service.RunAsync("outbox", "move", "--from", file);
        Assert.Equal(1, again.ExitCode);
        Assert.Contains($"There is no outbox {file}.", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Move_ServiceUsesTheFile_IsRefused()
    {
        var service = await ServiceAsync();
        UseDatabase(service);
        await using var running = service.Database.Open();

        var run = await service.RunAsync("outbox", "move", "--from", service.Database.Path);

        Assert.Equal((1, $"A process uses the outbox {service.Database.Path}. Stop the service first.\n"), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task Move_NoDatabaseInTheSettings_IsAnArgumentError()
    {
        _service = await StoppedService.CreateAsync();

        var run = await _service.RunAsync("outbox", "move");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("Outbox:ConnectionString is not set", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schema_WithoutADatabase_PrintsSqlThatMakesTheTables()
    {
        var service = await StoppedService.CreateAsync();
        _service = service;
        var schema = PostgresServer.CreateSchemaName();
        service.Root["Outbox"] = new JsonObject
        {
            ["ConnectionString"] = "Host=127.0.0.1;Port=9;Database=none;Username=notifier",
            ["Schema"] = schema,
        };

        await File.WriteAllTextAsync(service.Settings, service.Root.ToJsonString(), TestContext.Current.CancellationToken);

        var run = await CommandRun.OfAsync("outbox", "schema", "--config", service.Settings);
        var none = await CommandRun.OfAsync("outbox", "schema", "--from", $"{PostgresSchemaScript.Version}", "--config", service.Settings);
        var wrong = await CommandRun.OfAsync("outbox", "schema", "--from", "99", "--config", service.Settings);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.StartsWith("-- The tables need no change", none.Output, StringComparison.Ordinal);
        Assert.Equal(2, wrong.ExitCode);
        Assert.SkipWhen(PostgresServer.SkipReason is not null, PostgresServer.SkipReason ?? "");
        var server = await PostgresServer.SharedAsync();
        await server.QueryAsync(run.Output);
        File.Delete(service.Settings);
        service.Root["Outbox"] = new JsonObject
        {
            ["ConnectionString"] = server.ConnectionString(),
            ["Schema"] = schema,
            ["Migrate"] = false,
        };
        Assert.Equal(0, (await service.RunAsync("outbox", "check")).ExitCode);
    }

    private static void UseDatabase(StoppedService service) => service.Root["Outbox"] = new JsonObject
    {
        ["ConnectionString"] = PostgresServer.SharedAsync().Result.ConnectionString(),
        ["Schema"] = PostgresServer.CreateSchemaName(),
    };

    private async Task<StoppedService> ServiceAsync()
    {
        Assert.SkipWhen(PostgresServer.SkipReason is not null, PostgresServer.SkipReason ?? "");
        await PostgresServer.SharedAsync();
        _service = await StoppedService.CreateAsync(async outbox =>
        {
            foreach (var _ in (int[])[1, 2]) await outbox.AppendAsync(Some.NewEvent("web-qa"), TestContext.Current.CancellationToken);
        });
        return _service;
    }
}
