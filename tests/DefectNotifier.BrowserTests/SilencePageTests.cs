using DefectNotifier.BrowserTests.Harness;
using DefectNotifier.FunctionalTests.Harness;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DefectNotifier.BrowserTests;

/// <summary>Silences: list, add, expire.</summary>
public sealed class SilencePageTests(Chromium browser)
{
    [LongFact]
    public async Task Silence_IsAddedDefersAndIsExpired()
    {
        await using var scene = await Scene.OpenAsync();
        await using var visitor = await browser.VisitAsync(scene.Operations);
        var page = await visitor.OpenAsync("silences");
        await Expect(page.GetByText("There is no silence.")).ToBeVisibleAsync();

        await page.GetByLabel("Lasts").FillAsync("2h");
        await page.GetByLabel("Your name").FillAsync("anna");
        await page.GetByLabel("Reason").FillAsync("known outage");
        await page.Button("Add silence").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("It would match every event.");
        await Expect(page.GetByLabel("Lasts")).ToHaveValueAsync("2h");

        await page.GetByRole(AriaRole.Textbox, new() { Name = "Projects" }).FillAsync("NIGHT, DEAD*");
        await page.Button("Add silence").ClickAsync();
        var silence = page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Silence 1" });
        await Expect(silence).ToContainTextAsync("Active");
        foreach (var text in (string[])["NIGHT", "DEAD*", "known outage", "anna"]) await Expect(silence).ToContainTextAsync(text);
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);

        var id = await scene.ReportAsync(1, "NIGHT", "good", "deferred");
        await silence.GetByRole(AriaRole.Link, new() { Name = "Deferred messages" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Marker 1 end" }).ClickAsync();
        await Expect(page.Verdict()).ToContainTextAsync("silence 1 of anna defers it");
        await page.Link("Silences").ClickAsync();
        await page.Button("Expire now").ClickAsync();
        await Expect(page.GetByText("There is no silence.")).ToBeVisibleAsync();
        await scene.Operations.DeliveryIsAsync(id, "good", "delivered", scene.Chat.Ledger.ToString);

        await page.Button("Show ended").ClickAsync();
        await Expect(silence).ToContainTextAsync("Ended");
        visitor.AssertClean();
    }
}
