using System.Text.RegularExpressions;
using DefectNotifier.BrowserTests.Harness;
using DefectNotifier.FunctionalTests.Harness;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DefectNotifier.BrowserTests;

/// <summary>The page of an event, for each outcome of a delivery.</summary>
public sealed partial class OutcomeTests(Chromium browser)
{
    [LongFact]
    public async Task EventPage_OfEachOutcome_ShowsVerdictTimelineAndButtons()
    {
        await using var scene = await Scene.OpenAsync();
        await using var visitor = await browser.VisitAsync(scene.Operations);
        var page = await visitor.OpenAsync();

        var delivered = await scene.ReportAsync(1, "GOOD", "good", "delivered");
        await ShowsAsync(page, visitor, delivered, "received it", "Delivered", "attempt 1");
        await Expect(Message(page)).ToContainTextAsync("The discount row disappears.");
        await Expect(page.Button("Retry")).ToHaveCountAsync(0);

        var dead = await scene.ReportAsync(2, "DEAD", "dead", "dead");
        await ShowsAsync(page, visitor, dead, "did not receive it", "Dead letter", "invalid message");
        await Expect(Message(page)).ToContainTextAsync("The message as it is stored.");
        foreach (var name in (string[])["Retry", "Retry as stored", "Discard"]) await Expect(page.Button(name)).ToBeEnabledAsync();

        var held = await scene.ReportAsync(3, "HELD", "held", "held");
        await ShowsAsync(page, visitor, held, "held for manual review", "Held for manual review", "may have been posted");
        await Expect(page.Button("Discard")).ToBeEnabledAsync();

        var parked = await scene.ParkAsync(4);
        await ShowsAsync(page, visitor, parked, "nothing reaches parked", "Pending, destination parked", "next attempt");
        await Expect(page.Button("Try now")).ToBeEnabledAsync();

        await scene.Operations.PostAsync($"/deliveries/{await scene.DeliveryOfAsync(dead, "dead")}/discard");
        await ShowsAsync(page, visitor, dead, "discarded it", "Discarded", "Discard");
        await Expect(page.Button("Retry")).ToBeEnabledAsync();

        var unrouted = (await scene.Worker.Ingress.PostAsync(Webhooks.Created(5, "NOWHERE"))).Id!;
        await page.GotoAsync(visitor.AddressOf("events/" + unrouted));
        await Expect(page.Verdict()).ToContainTextAsync("No route takes NOWHERE");
        await Expect(page.GetByText("5 routes did not match")).ToBeVisibleAsync();
        visitor.AssertClean();
    }

    [LongFact]
    public async Task EventPage_OfASilencedEvent_ShowsTheSilenceAndThenTheDigest()
    {
        await using var scene = await Scene.OpenAsync();
        await using var visitor = await browser.VisitAsync(scene.Operations);
        await scene.Operations.PostAsync("/silences", """{"project":["NIGHT"],"for":"2h","by":"anna","why":"known outage"}""");
        var first = await scene.ReportAsync(1, "NIGHT", "good", "deferred");
        await scene.ReportAsync(2, "NIGHT", "good", "deferred");
        var page = await visitor.OpenAsync();

        await ShowsAsync(page, visitor, first, "silence 1 of anna", "Deferred", "known outage");
        await Expect(page.Button("Discard")).ToBeEnabledAsync();

        await scene.Operations.PostAsync("/silences/1/expire");
        await scene.Operations.DeliveryIsAsync(first, "good", "digested", scene.Chat.Ledger.ToString);
        await ShowsAsync(page, visitor, first, "digest", "In a digest", "In a digest");
        await page.GetByRole(AriaRole.Link, new() { Name = "Digests of this destination" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(DigestsAddress());
        await Expect(page.GetByRole(AriaRole.Listitem)).Not.ToHaveCountAsync(0);
        visitor.AssertClean();
    }

    [LongFact]
    public async Task EventPage_OfTwoDestinations_HasATabForEachAndAllEventsOfTheDefect()
    {
        await using var scene = await Scene.OpenAsync();
        await using var visitor = await browser.VisitAsync(scene.Operations);
        var created = await scene.ReportAsync(7, "BOTH", "good", "delivered");
        await scene.Operations.DeliveryIsAsync(created, "dead", "dead", scene.Chat.Ledger.ToString);
        await scene.Worker.Ingress.PostAsync(Webhooks.Of("resolved", 7, "BOTH"));

        var page = await visitor.OpenAsync("events/" + created);
        // What needs a person comes first.
        await Expect(page.GetByRole(AriaRole.Tab, new() { Name = "dead" })).ToHaveAttributeAsync("aria-selected", "true");
        await page.GetByRole(AriaRole.Tab, new() { Name = "good" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("destination=good$", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await Expect(page.GetByRole(AriaRole.Tabpanel)).ToContainTextAsync("Delivered");

        var events = page.GetByRole(AriaRole.Region, new() { Name = "All events of BOTH D-7" });
        await events.GetByRole(AriaRole.Link, new() { Name = "defect.resolved" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("defect.resolved");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeFocusedAsync();
        await page.GoBackAsync();
        await Expect(page.GetByRole(AriaRole.Tab, new() { Name = "good" })).ToHaveAttributeAsync("aria-selected", "true");
        visitor.AssertClean();
    }

    [GeneratedRegex("events\\?destination=good&name=digest$", RegexOptions.None, 1000)]
    private static partial Regex DigestsAddress();

    private static async Task ShowsAsync(IPage page, Visitor visitor, string id, string verdict, string state, string step)
    {
        await page.GotoAsync(visitor.AddressOf("events/" + id));
        await Expect(page.Verdict()).ToContainTextAsync(verdict);
        await Expect(page.GetByRole(AriaRole.Tabpanel)).ToContainTextAsync(state);
        await Expect(page.GetByRole(AriaRole.Tabpanel)).ToContainTextAsync(step);
    }

    private static ILocator Message(IPage page) => page.Region("Message");
}
