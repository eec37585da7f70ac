using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DefectNotifier.BrowserTests.Harness;
using DefectNotifier.FunctionalTests.Harness;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DefectNotifier.BrowserTests;

/// <summary>The list of events: filters in the address, live rows, and very many rows.</summary>
public sealed class EventListTests(Chromium browser)
{
    private const int Many = 10_000;

    [LongFact]
    public async Task Filters_AreInTheAddress_AndBackRestoresThem()
    {
        await using var scene = await Scene.OpenAsync();
        await using var visitor = await browser.VisitAsync(scene.Operations);
        await scene.ReportAsync(1, "GOOD", "good", "delivered");
        await scene.ReportAsync(2, "DEAD", "dead", "dead");
        await scene.Worker.Ingress.PostAsync(Webhooks.Created(3, "NOWHERE", severity: "minor"));
        var page = await visitor.OpenAsync("events");
        await Expect(Rows(page)).ToHaveCountAsync(3);

        await page.GetByLabel("State").SelectOptionAsync("Dead letter");
        await Expect(page).ToHaveURLAsync(At("events\\?state=dead$"));
        await Expect(Rows(page)).ToHaveCountAsync(1);
        await page.GetByLabel("Project", new() { Exact = true }).FillAsync("GOOD");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("No stored event matches these filters.")).ToBeVisibleAsync();

        await page.GoBackAsync();
        await Expect(page.GetByLabel("Project", new() { Exact = true })).ToHaveValueAsync("");
        await Expect(page.GetByLabel("State")).ToHaveValueAsync("dead");
        await Expect(Rows(page)).ToHaveCountAsync(1);
        await page.Button("Clear").ClickAsync();
        await Expect(Rows(page)).ToHaveCountAsync(3);

        await page.GotoAsync(visitor.AddressOf("events?state=unrouted&severity=minor&text=marker%203"));
        await Expect(Rows(page)).ToHaveCountAsync(1);
        await Expect(Rows(page)).ToContainTextAsync("No route takes NOWHERE");
        await Expect(page.GetByLabel("Words of the title")).ToHaveValueAsync("marker 3");
        visitor.AssertClean();
    }

    [LongFact]
    public async Task Search_FindsDefectsProjectsAndWords()
    {
        await using var scene = await Scene.OpenAsync();
        await using var visitor = await browser.VisitAsync(scene.Operations);
        await scene.ReportAsync(2, "GOOD", "good", "delivered");
        var page = await visitor.OpenAsync();
        foreach (var (words, address) in ((string, string)[])
        [
            ("GOOD-2", "project=GOOD&defect=2"), ("D-2", "defect=2"), ("good D-2", "project=GOOD&defect=2"), ("GOOD", "project=GOOD"),
            ("marker 2 end", "text=marker\\+2\\+end"),
        ])
        {
            await page.Link("Overview").ClickAsync();
            await Expect(page.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync("");
            await page.Keyboard.PressAsync("/");
            await page.Keyboard.TypeAsync(words);
            await page.Keyboard.PressAsync("Enter");

            await Expect(page).ToHaveURLAsync(At($"events\\?{address}$"));
            await Expect(Rows(page)).ToHaveCountAsync(1);
            await Expect(page.Heading()).ToBeFocusedAsync();
        }
    }

    [LongFact]
    public async Task NewEvents_AreOfferedOnlyWhenTheFilterFindsThem()
    {
        await using var scene = await Scene.OpenAsync();
        await using var visitor = await browser.VisitAsync(scene.Operations);
        await scene.ReportAsync(1, "GOOD", "good", "delivered");
        var page = await visitor.OpenAsync("events?project=GOOD");
        await Expect(Rows(page)).ToHaveCountAsync(1);

        await scene.ReportAsync(2, "DEAD", "dead", "dead");
        await scene.ReportAsync(3, "GOOD", "good", "delivered");
        await page.Button("1 new").ClickAsync();

        await Expect(Rows(page)).ToHaveCountAsync(2);
        await Expect(Rows(page).First).ToContainTextAsync("Marker 3");
        visitor.AssertClean();
    }

    [LongFact]
    public async Task TenThousandRows_ScrolledToTheEnd_HaveFewElements()
    {
        await using var scene = await Scene.OpenAsync();
        await using var visitor = await browser.VisitAsync(scene.Operations);
        await visitor.Context.RouteAsync(At("/events\\?"), route => route.FulfillAsync(new() { Json = PageOf(route.Request.Url) }));
        var page = await visitor.OpenAsync("events");
        await Expect(Rows(page).First).ToContainTextAsync($"Row {Many}.");

        var last = page.GetByText("Row 1.", new() { Exact = true });
        for (var loaded = 0; await last.CountAsync() == 0;)
        {
            await page.EvaluateAsync("scrollTo(0, document.documentElement.scrollHeight)");
            await Expect(Rows(page).Last).Not.ToHaveAttributeAsync("aria-posinset", loaded.ToString());
            loaded = int.Parse((await Rows(page).Last.GetAttributeAsync("aria-posinset"))!, CultureInfo.InvariantCulture);
            Assert.InRange(await page.EvaluateAsync<int>("document.querySelectorAll('*').length"), 1, 2_000);
            Assert.InRange(await Rows(page).CountAsync(), 1, 60);
        }

        await Expect(page.GetByText("10,000 found, newest first.")).ToBeAttachedAsync();
        await page.EvaluateAsync("scrollTo(0, 0)");
        await Expect(page.GetByText($"Row {Many}.")).ToBeVisibleAsync();
        visitor.AssertClean();
    }

    [LongFact]
    public async Task ArrowKeys_MoveThroughTheRowsAndEnterOpensOne()
    {
        await using var scene = await Scene.OpenAsync();
        await using var visitor = await browser.VisitAsync(scene.Operations);
        for (var number = 1; number <= 3; number++) await scene.ReportAsync(number, "GOOD", "good", "delivered");
        var page = await visitor.OpenAsync("events");
        await Expect(Rows(page)).ToHaveCountAsync(3);

        await page.GetByRole(AriaRole.Link, new() { Name = "Marker 3 end" }).FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowUp");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.Heading()).ToHaveTextAsync("Marker 2 end");
    }

    private static ILocator Rows(IPage page) =>
        page.GetByRole(AriaRole.List, new() { Name = "Events", Exact = true }).GetByRole(AriaRole.Listitem);

    private static Regex At(string pattern) => new(pattern, RegexOptions.None, TimeSpan.FromSeconds(1));

    // What the service returns for the newest events, or those before a number.
    private static JsonObject PageOf(string url)
    {
        var query = new Uri(url).Query.TrimStart('?').Split('&').Select(part => part.Split('='))
            .ToDictionary(part => part[0], part => part[1]);
        var newest = query.TryGetValue("before", out var before) ? int.Parse(before, CultureInfo.InvariantCulture) - 1 : Many;
        var count = Math.Min(newest, int.Parse(query["limit"], CultureInfo.InvariantCulture));
        return new JsonObject
        {
            ["events"] = new JsonArray([.. Enumerable.Range(0, count).Select(at => (JsonNode)EventOf(newest - at))]),
            ["next"] = newest > count ? newest - count + 1 : null,
        };
    }

    private static JsonObject EventOf(int number) => new()
    {
        ["sequence"] = number,
        ["id"] = number.ToString("d32", CultureInfo.InvariantCulture),
        ["source"] = "",
        ["name"] = "defect.created",
        ["projectCode"] = "WEB",
        ["subjectId"] = number,
        ["title"] = $"Row {number}.",
        ["severity"] = "major",
        ["receivedAt"] = "2026-03-14T15:00:00Z",
        ["isUnrouted"] = false,
        ["deliveries"] = new JsonArray(new JsonObject { ["id"] = number, ["destination"] = "web", ["state"] = "delivered" }),
    };
}
