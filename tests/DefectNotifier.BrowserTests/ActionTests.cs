using DefectNotifier.BrowserTests.Harness;
using DefectNotifier.FunctionalTests.Harness;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DefectNotifier.BrowserTests;

/// <summary>Retry, discard and resume, as an operator does them.</summary>
public sealed class ActionTests(Chromium browser)
{
    [LongFact]
    public async Task Overview_ParkedDestinationIsFixed_TryNowResumesItLive()
    {
        await using var scene = await Scene.OpenAsync();
        await using var visitor = await browser.VisitAsync(scene.Operations);
        var page = await visitor.OpenAsync();
        await Expect(page.Heading()).ToHaveTextAsync("All 4 destinations work.");

        var id = await scene.ParkAsync();
        var card = page.Card("Nothing reaches parked");
        await Expect(card).ToContainTextAsync("WorkflowNotFound");
        await Expect(page.Heading()).ToHaveTextAsync("1 thing needs a person.");
        // The first attempt finds the chat as it was.
        await page.Button("Try now").ClickAsync();
        await scene.Chat.CallsAsync("parked", 2);
        scene.Chat.Script.Recover("parked");
        await scene.Operations.LaneIsAsync("parked", "parked");
        await page.Button("Try now").ClickAsync();

        await Expect(card).ToHaveCountAsync(0);
        await Expect(page.Heading()).ToHaveTextAsync("All 4 destinations work.");
        await scene.Operations.DeliveryIsAsync(id, "parked", "delivered", scene.Chat.Ledger.ToString);
        visitor.AssertClean();
    }

    [LongFact]
    public async Task Phone_LinkToAnEvent_ShowsAdviceOnTheFirstScreenAndNeedsOneMoreTap()
    {
        await using var scene = await Scene.OpenAsync();
        await using var visitor = await browser.VisitAsync(scene.Operations, Look.Phone);
        var retried = await scene.ReportAsync(1, "DEAD", "dead", "dead");
        var discarded = await scene.ReportAsync(2, "DEAD", "dead", "dead");
        var parked = await scene.ParkAsync(3);
        scene.Chat.Script.Recover("dead");
        scene.Chat.Script.Recover("parked");

        foreach (var (id, button, shown) in ((string, string, string)[])
            [(retried, "Retry", "Delivered"), (discarded, "Discard", "Discarded"), (parked, "Try now", "Delivered")])
        {
            var page = await visitor.OpenAsync("events/" + id);
            await IsOnFirstScreenAsync(page, page.Verdict().GetByRole(AriaRole.Listitem));
            await IsOnFirstScreenAsync(page, page.GetByText("What to do"));
            await IsOnFirstScreenAsync(page, page.Button(button));
            await page.Button(button).TapAsync();
            await Expect(page.GetByRole(AriaRole.Tabpanel).GetByText(shown, new() { Exact = true }).First).ToBeVisibleAsync();
            await page.CloseAsync();
        }

        await scene.Operations.DeliveryIsAsync(retried, "dead", "delivered", scene.Chat.Ledger.ToString);
        await scene.Operations.DeliveryIsAsync(discarded, "dead", "discarded", scene.Chat.Ledger.ToString);
        await scene.Operations.DeliveryIsAsync(parked, "parked", "delivered", scene.Chat.Ledger.ToString);
        visitor.AssertClean();
    }

    [LongFact]
    public async Task Attention_ChosenRows_AreRetriedAfterADryRun()
    {
        await using var scene = await Scene.OpenAsync();
        await using var visitor = await browser.VisitAsync(scene.Operations);
        for (var number = 1; number <= 3; number++) await scene.ReportAsync(number, "DEAD", "dead", "dead");
        var page = await visitor.OpenAsync("attention");
        var boxes = page.GetByRole(AriaRole.Checkbox, new() { Name = "Select delivery" });
        await Expect(boxes).ToHaveCountAsync(3);
        await Expect(page.Button("Retry…")).ToBeDisabledAsync();

        await boxes.Nth(0).CheckAsync();
        await boxes.Nth(2).CheckAsync();
        await page.Button("Retry…").ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("2 deliveries will be retried.");
        var calls = scene.Chat.CallsTo("dead").Count;
        scene.Chat.Script.Recover("dead");
        Assert.Equal(calls, scene.Chat.CallsTo("dead").Count);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Retry 2" }).ClickAsync();

        await Expect(dialog).ToContainTextAsync("2 deliveries retried");
        await Expect(dialog.GetByRole(AriaRole.Row)).ToHaveCountAsync(3);
        await scene.Chat.PostedAsync("dead", 2);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await Expect(boxes).ToHaveCountAsync(1);
        visitor.AssertClean();
    }

    [LongFact]
    public async Task Attention_AllThatTheFilterFinds_ChangesNothingElse()
    {
        await using var scene = await Scene.OpenAsync();
        await using var visitor = await browser.VisitAsync(scene.Operations);
        await scene.ReportAsync(1, "DEAD", "dead", "dead");
        await scene.ReportAsync(2, "DEAD", "dead", "dead");
        var held = await scene.ReportAsync(3, "HELD", "held", "held");
        var page = await visitor.OpenAsync("attention?state=dead");
        await Expect(page.GetByRole(AriaRole.Checkbox, new() { Name = "Select delivery" })).ToHaveCountAsync(2);

        await page.Button("Select all 2 that this filter finds").ClickAsync();
        await page.Button("Discard…").ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("2 deliveries will be discarded.");
        await page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToHaveCountAsync(0);
        Assert.Equal(2, (await scene.Operations.JsonAsync("/deliveries?state=dead"))["deliveries"]!.AsArray().Count);

        await page.Button("Discard…").ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Discard 2" }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("2 deliveries discarded");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();

        await Expect(page.GetByText("No delivery matches these filters.")).ToBeVisibleAsync();
        Assert.Equal("held", (string?)(await scene.Operations.DeliveryAsync(held, "held"))["state"]);
        visitor.AssertClean();
    }

    private static async Task IsOnFirstScreenAsync(IPage page, ILocator element)
    {
        await Expect(element).ToBeVisibleAsync();
        var box = (await element.BoundingBoxAsync())!;
        var tabs = (await page.GetByRole(AriaRole.Navigation, new() { Name = "Pages" }).BoundingBoxAsync())!;
        Assert.InRange(box.Y + box.Height, 0, tabs.Y);
        Assert.InRange(box.X + box.Width, 0, Look.Phone.Width);
    }
}
