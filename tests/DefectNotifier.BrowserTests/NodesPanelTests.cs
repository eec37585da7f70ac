using DefectNotifier.BrowserTests.Harness;
using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing.Databases;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DefectNotifier.BrowserTests;

/// <summary>The nodes that share an outbox, on the overview.</summary>
public sealed class NodesPanelTests(Chromium browser)
{
    [LongFact]
    public async Task Nodes_OfASharedOutbox_AreShownWithTheirDestinationsAndDifferences()
    {
        Assert.SkipWhen(PostgresServer.SkipReason is not null, PostgresServer.SkipReason ?? "");
        var server = await PostgresServer.SharedAsync();
        var schema = PostgresServer.CreateSchemaName();
        await using var scene = await Scene.OpenAsync(settings => settings
            .Remove("Outbox", "Path")
            .Set("Outbox:ConnectionString", server.ConnectionString())
            .Set("Outbox:Schema", schema)
            .Set("Outbox:Node", "node-a")
            .Set("Outbox:Lease", "60s"));
        await using var visitor = await browser.VisitAsync(scene.Operations);
        var page = await visitor.OpenAsync();
        var rows = page.Region("Nodes").GetByRole(AriaRole.Listitem);
        await Expect(rows).ToHaveCountAsync(1);
        await Expect(rows).ToContainTextAsync("shows this page");
        await Expect(rows).ToContainTextAsync("4 destinations");

        // Another node, of which only the rows exist.
        await server.QueryAsync(
            $"""
            INSERT INTO {schema}.node (id, name, version, configuration, started_at, ahead, beat, lease, expires_at)
            VALUES (9223372036854775807, '<b>node-b</b>', '1.2.3', '22222222', 0, -42000, 1, 60000, now() + interval '60 seconds')
            """);
        await server.QueryAsync($"UPDATE {schema}.claim SET owner = 9223372036854775807, epoch = epoch + 1 WHERE name = 'held'");

        await Expect(rows).ToHaveCountAsync(2);
        var other = rows.Filter(new() { HasText = "<b>node-b</b>" });
        await Expect(other).ToContainTextAsync("Clock 42 s slow");
        await Expect(other).ToContainTextAsync("1 destination");
        await Expect(rows.Filter(new() { HasText = "node-a" })).ToContainTextAsync("Configuration ");
        await Expect(page.Region("Destinations").GetByRole(AriaRole.Listitem).Filter(new() { HasText = "held" }))
            .ToContainTextAsync("on <b>node-b</b>");
        Assert.Empty((await page.RunAxe()).Violations);
        visitor.AssertClean();
    }

    [LongFact]
    public async Task Nodes_OfAFile_AreNotShown()
    {
        await using var scene = await Scene.OpenAsync();
        await using var visitor = await browser.VisitAsync(scene.Operations);

        var page = await visitor.OpenAsync();

        await Expect(page.Region("Destinations")).ToBeVisibleAsync();
        await Expect(page.Region("Nodes")).ToHaveCountAsync(0);
    }
}
