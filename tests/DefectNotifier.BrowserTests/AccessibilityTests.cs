using System.Text.Json.Nodes;
using DefectNotifier.BrowserTests.Harness;
using DefectNotifier.FunctionalTests.Harness;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DefectNotifier.BrowserTests;

/// <summary>Axe finds nothing, and everything can be done with a keyboard.</summary>
public sealed class AccessibilityTests(Chromium browser)
{
    private static readonly Look[] Looks =
        [Of(420, isDark: false), Of(420, isDark: true), Of(1440, isDark: false), Of(1440, isDark: true)];

    [LongFact]
    public async Task Axe_OnEveryPage_FindsNoViolation()
    {
        await using var scene = await Scene.OpenAsync();
        var dead = await scene.ReportAsync(1, "DEAD", "dead", "dead");
        await scene.ReportAsync(2, "GOOD", "good", "delivered");
        await scene.ReportAsync(3, "HELD", "held", "held");
        var parked = await scene.ParkAsync(4);
        var unrouted = (await scene.Worker.Ingress.PostAsync(Webhooks.Created(5, "NOWHERE"))).Id!;
        await scene.Operations.PostAsync("/silences", """{"project":["NIGHT"],"for":"2h","by":"anna","why":"known outage"}""");
        foreach (var look in Looks)
        {
            await using var visitor = await browser.VisitAsync(scene.Operations, look);
            var page = await visitor.OpenAsync();
            await Expect(page.Feed().Locator(".event")).Not.ToHaveCountAsync(0);
            await HasNoViolationAsync(page);
            foreach (var id in (string[])[dead, parked, unrouted])
            {
                await page.GotoAsync(visitor.AddressOf("events/" + id));
                await Expect(page.Verdict()).ToBeVisibleAsync();
                if (id == dead) await Expect(page.Region("Message")).ToContainTextAsync("About as Teams shows it.");
                await HasNoViolationAsync(page);
            }

            await page.GotoAsync(visitor.AddressOf("events"));
            await Expect(page.GetByText("5 found")).ToBeVisibleAsync();
            await HasNoViolationAsync(page);
            await page.GotoAsync(visitor.AddressOf("silences"));
            await Expect(page.GetByText("known outage")).ToBeVisibleAsync();
            await HasNoViolationAsync(page);
            await page.GotoAsync(visitor.AddressOf("attention"));
            await page.Button("Select all 2 that this filter finds").ClickAsync();
            await HasNoViolationAsync(page);
            await page.Button("Retry…").ClickAsync();
            await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("2 deliveries");
            await HasNoViolationAsync(page);
            await page.GotoAsync(visitor.AddressOf("nothing"));
            await Expect(page.Heading()).ToHaveTextAsync("There is no such page.");
            await HasNoViolationAsync(page);
        }
    }

    [LongFact]
    public async Task Axe_OnTheLogin_FindsNoViolation()
    {
        await using var scene = await Scene.OpenAsync(
            settings => settings.Set("Operations:Secrets", new JsonArray(TestSecrets.Operations)));
        foreach (var look in Looks)
        {
            await using var visitor = await browser.VisitAsync(scene.Operations, look);
            var page = await visitor.OpenAsync();
            await Expect(page.Heading()).ToHaveTextAsync("Log in");
            await HasNoViolationAsync(page);
        }
    }

    [LongFact]
    public async Task Keyboard_FromTheFirstTabToARetry_NeedsNoPointer()
    {
        await using var scene = await Scene.OpenAsync();
        await using var visitor = await browser.VisitAsync(scene.Operations);
        var id = await scene.ReportAsync(1, "DEAD", "dead", "dead");
        var page = await visitor.OpenAsync();
        await Expect(page.Heading()).ToHaveTextAsync("1 thing needs a person.");

        await page.Keyboard.PressAsync("Tab");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Skip navigation" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await TabToAsync(page, page.Card("dead").GetByRole(AriaRole.Link));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Heading()).ToHaveTextAsync("Marker 1 end");
        await Expect(page.Heading()).ToBeFocusedAsync();

        scene.Chat.Script.Recover("dead");
        await TabToAsync(page, page.Button("Retry"));
        await page.Keyboard.PressAsync("Space");
        await Expect(page.Verdict()).ToContainTextAsync("dead received it");
        await scene.Operations.DeliveryIsAsync(id, "dead", "delivered", scene.Chat.Ledger.ToString);
        visitor.AssertClean();
    }

    [LongFact]
    public async Task Keyboard_InALiveList_KeepsTheFocus()
    {
        await using var scene = await Scene.OpenAsync();
        await using var visitor = await browser.VisitAsync(scene.Operations);
        await scene.ReportAsync(1, "GOOD", "good", "delivered");
        var page = await visitor.OpenAsync();
        var link = page.Feed().GetByRole(AriaRole.Link, new() { Name = "Marker 1 end" });
        await link.FocusAsync();

        await scene.ReportAsync(2, "DEAD", "dead", "dead");
        await Expect(page.Heading()).ToHaveTextAsync("1 thing needs a person.");

        await Expect(link).ToBeFocusedAsync();
    }

    private static Look Of(int width, bool isDark) => new(width, 800, isDark, BypassesPolicy: true);

    private static async Task HasNoViolationAsync(IPage page)
    {
        var result = await page.RunAxe();
        Assert.True(
            result.Violations.Length == 0,
            page.Url + "\n" + string.Join('\n', result.Violations.Select(
                violation => $"{violation.Id}: {violation.Nodes[0].Target} {violation.Nodes[0].Html}")));
    }

    private static async Task TabToAsync(IPage page, ILocator element)
    {
        await Expect(element).ToBeVisibleAsync();
        for (var presses = 0; presses < 60; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await element.EvaluateAsync<bool>("element => element === document.activeElement")) return;
        }

        Assert.Fail("The Tab key does not reach " + element);
    }
}
