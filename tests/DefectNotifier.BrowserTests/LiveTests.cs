using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DefectNotifier.BrowserTests.Harness;
using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DefectNotifier.BrowserTests;

/// <summary>What appears by itself: new events, in several tabs, and after the service was killed.</summary>
public sealed partial class LiveTests(Chromium browser)
{
    /// <summary>Requests of the overview when it is opened: two of the status, one of the events.</summary>
    private const int Reads = 3;

    [LongFact]
    public async Task Feed_InThreeTabs_ShowsNewEventsAndStates()
    {
        await using var scene = await Scene.OpenAsync();
        await using var visitor = await browser.VisitAsync(scene.Operations);
        var tabs = new List<IPage>();
        for (var tab = 0; tab < 3; tab++) tabs.Add(await visitor.OpenAsync());
        foreach (var tab in tabs) await Expect(tab.Feed()).ToContainTextAsync("No events yet.");

        await scene.ReportAsync(1, "GOOD", "good", "delivered");
        await scene.Worker.Ingress.PostAsync(Webhooks.Created(2, "NOWHERE"));

        foreach (var tab in tabs)
        {
            await Expect(Rows(tab)).ToHaveCountAsync(2);
            await Expect(Rows(tab).Last).ToContainTextAsync("good: Delivered");
            await Expect(Rows(tab).First).ToContainTextAsync("No route takes NOWHERE");
        }

        visitor.AssertClean();
    }

    [LongFact]
    public async Task Feed_WhilePaused_CountsWhatIsNew()
    {
        await using var scene = await Scene.OpenAsync();
        await using var visitor = await browser.VisitAsync(scene.Operations);
        await scene.ReportAsync(1, "GOOD", "good", "delivered");
        var page = await visitor.OpenAsync();
        await Expect(Rows(page)).ToHaveCountAsync(1);

        // The focus is in it while the link is focused, so nothing moves under the reader's hand.
        await page.GetByRole(AriaRole.Link, new() { Name = "Marker 1 end" }).First.FocusAsync();
        await Expect(page.Feed()).ToContainTextAsync("Paused");
        await scene.ReportAsync(2, "DEAD", "dead", "dead");
        await Expect(page.Button("1 new")).ToBeVisibleAsync();
        await Expect(Rows(page)).ToHaveCountAsync(1);
        await page.Heading().ClickAsync();
        await Expect(Rows(page)).ToHaveCountAsync(2);

        await page.Button("Pause").ClickAsync();
        await page.Mouse.MoveAsync(5, 500);
        await scene.ReportAsync(3, "GOOD", "good", "delivered");
        await page.Button("1 new").ClickAsync();
        await Expect(Rows(page)).ToHaveCountAsync(3);
        await page.Button("Continue").ClickAsync();
        visitor.AssertClean();
    }

    [LongFact]
    public async Task Feed_ABurstOfOneProject_IsOneEntryWithItsTitles()
    {
        await using var scene = await Scene.OpenAsync();
        await using var visitor = await browser.VisitAsync(scene.Operations);
        var page = await visitor.OpenAsync();
        await scene.ReportAsync(1, "GOOD", "good", "delivered");
        await scene.Worker.Ingress.AcceptsAsync(Enumerable.Range(1, 7), "NIGHT");
        await scene.Operations.DrainedAsync();

        await Expect(Rows(page)).ToHaveCountAsync(2);
        await Expect(Rows(page).First).ToContainTextAsync("7 events");
        await Expect(Rows(page).First).ToContainTextAsync("and 4 more titles");
        await Expect(Rows(page).First).ToContainTextAsync("good: 7 delivered");
    }

    [LongFact]
    public async Task Overview_AResponseOlderThanTheStream_DoesNotReplaceWhatIsShown()
    {
        await using var scene = await Scene.OpenAsync();
        await using var visitor = await browser.VisitAsync(scene.Operations);
        await scene.ParkAsync();
        var page = await visitor.Context.NewPageAsync();
        TaskCompletionSource areRead = new(), areShown = new(), areFinished = new();
        var (read, finished) = (0, 0);
        var held = new Regex("/(?:events[?].*|status)$", RegexOptions.None, TimeSpan.FromSeconds(1));
        await page.RouteAsync(held, async route =>
        {
            var response = await route.FetchAsync();
            if (Interlocked.Increment(ref read) == Reads) areRead.SetResult();
            await areShown.Task;
            await route.FulfillAsync(new() { Response = response });
        });
        page.RequestFinished += (_, request) =>
        {
            if (held.IsMatch(request.Url) && Interlocked.Increment(ref finished) == Reads) areFinished.SetResult();
        };

        await page.GotoAsync(visitor.AddressOf(""));
        await areRead.Task.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);
        scene.Chat.Script.Always("parked", ChatResponse.Good(ChatKind.Teams));
        await scene.Operations.PostAsync("/destinations/parked/resume");
        await Expect(Rows(page).First).ToContainTextAsync("parked: Delivered");
        await Expect(page.Heading()).ToContainTextAsync("work");
        areShown.SetResult();
        await areFinished.Task.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);
        await page.EvaluateAsync("new Promise(drawn => requestAnimationFrame(() => setTimeout(drawn)))");

        Assert.Contains("parked: Delivered", await Rows(page).First.TextContentAsync(), StringComparison.Ordinal);
        Assert.Contains("work", await page.Heading().TextContentAsync(), StringComparison.Ordinal);
        visitor.AssertClean();
    }

    [LongFact]
    public async Task Overview_DuringAStorm_ShowsTheBacklogAndWhenItIsCaughtUp()
    {
        await using var scene = await Scene.OpenAsync(
            settings => settings.Set("Destinations:good:RateLimit", new JsonObject { ["PerSecond"] = 1, ["Burst"] = 1 }));
        await using var visitor = await browser.VisitAsync(scene.Operations);
        await scene.Worker.Ingress.AcceptsAsync(Enumerable.Range(1, 120), "NIGHT");

        var page = await visitor.OpenAsync();

        var card = page.Card("messages behind");
        await Expect(card.GetByRole(AriaRole.Img)).ToHaveAccessibleNameAsync(CurveName());
        await Expect(card).ToContainTextAsync("Caught up at about");
        await Expect(card).ToContainTextAsync("1 per second");
        visitor.AssertClean();
    }

    [LongFact]
    public async Task KilledService_ComesBack_NothingIsMissingOrTwice()
    {
        await using var scene = await Scene.OpenAsync();
        await using var visitor = await browser.VisitAsync(scene.Operations);
        await scene.ReportAsync(1, "GOOD", "good", "delivered");
        var page = await visitor.OpenAsync();
        await Expect(Rows(page)).ToHaveCountAsync(1);
        await scene.ReportAsync(2, "DEAD", "dead", "dead");
        await Expect(Rows(page)).ToHaveCountAsync(2);

        await scene.Worker.KillAsync();
        await Expect(page.GetByText("Connection lost at")).ToBeVisibleAsync();
        await Expect(Rows(page)).ToHaveCountAsync(2);
        await scene.StartAsync();
        // Stored before the browser has connected again.
        await scene.ReportAsync(3, "GOOD", "good", "delivered");
        await Expect(page.GetByText("Connection lost at")).ToHaveCountAsync(0);
        await Expect(Rows(page)).ToHaveCountAsync(3);
        await scene.ReportAsync(4, "DEAD", "dead", "dead");
        await Expect(Rows(page)).ToHaveCountAsync(4);

        for (var number = 1; number <= 4; number++)
            await Expect(Rows(page).Nth(4 - number)).ToContainTextAsync($"Marker {number} end");
    }

    [LongFact]
    public async Task HiddenTab_HoldsNoConnection()
    {
        await using var scene = await Scene.OpenAsync();
        await using var visitor = await browser.VisitAsync(scene.Operations);
        var page = await visitor.OpenAsync();
        await Expect(page.Feed()).ToContainTextAsync("Live");
        await IsStreamedAsync(scene, 1);

        await SetHiddenAsync(page, isHidden: true);
        await IsStreamedAsync(scene, 0);
        await scene.ReportAsync(1, "GOOD", "good", "delivered");
        await SetHiddenAsync(page, isHidden: false);

        await IsStreamedAsync(scene, 1);
        await Expect(Rows(page)).ToHaveCountAsync(1);
    }

    [LongFact]
    public async Task Streams_AllAreTaken_ThePageReadsChangesAllTheSame()
    {
        await using var scene = await Scene.OpenAsync();
        await using var visitor = await browser.VisitAsync(scene.Operations);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var streams = new List<HttpResponseMessage>();
        for (var count = 0; count < 64; count++)
        {
            var address = new Uri(scene.Operations.Address, "/live");
            streams.Add(await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken));
        }

        var page = await visitor.OpenAsync();
        await Expect(page.GetByText("Live updates are not available: too many consoles are open")).ToBeVisibleAsync();
        await Expect(page.Feed()).ToContainTextAsync("Not live");
        await Expect(page.GetByText("Connection lost at")).ToHaveCountAsync(0);
        await scene.ReportAsync(1, "GOOD", "good", "delivered");
        await Expect(Rows(page)).ToHaveCountAsync(1, new() { Timeout = 30_000 });

        foreach (var stream in streams) stream.Dispose();
        await Expect(page.GetByText("Live updates are not available")).ToHaveCountAsync(0, new() { Timeout = 60_000 });
        await Expect(page.Feed()).Not.ToContainTextAsync("Not live");
        visitor.AssertClean();
    }

    [GeneratedRegex(@"^\d+ waiting now, none at about \d\d:\d\d$", RegexOptions.None, 1000)]
    private static partial Regex CurveName();

    private static ILocator Rows(IPage page) => page.Feed().Locator(".event");

    // A headless browser never hides a tab.
    private static Task SetHiddenAsync(IPage page, bool isHidden) => page.EvaluateAsync(
        """
        isHidden => {
            Object.defineProperty(document, "hidden", { value: isHidden, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }
        """,
        isHidden);

    private static Task IsStreamedAsync(Scene scene, int clients)
    {
        var count = -1.0;
        return Eventually.HoldsAsync(
            async () => (count = await scene.Operations.MetricAsync("http_server_active_requests")) == clients + 1,
            () => $"{count} requests are open");
    }
}
