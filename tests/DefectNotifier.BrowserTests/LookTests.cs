using System.Globalization;
using DefectNotifier.BrowserTests.Harness;
using DefectNotifier.FunctionalTests.Harness;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DefectNotifier.BrowserTests;

/// <summary>The size of the first load, the widths, the switches, and what a screen reader finds on each page.</summary>
public sealed class LookTests(Chromium browser, LookScene shared) : IClassFixture<LookScene>
{
    private const int MaxFirstLoad = 40_000;

    [LongFact]
    public async Task FirstLoad_OfTheOverview_IsSmall()
    {
        var scene = shared.Scene;
        await using var visitor = await browser.VisitAsync(scene.Operations);
        var files = new List<IRequest>();
        visitor.Context.RequestFinished += (_, request) =>
        {
            if (request.Url.Contains("/console/", StringComparison.Ordinal)) files.Add(request);
        };
        var page = await visitor.OpenAsync();
        await Expect(page.Heading()).ToHaveTextAsync("2 things need a person.");

        var sizes = await Task.WhenAll(files.ToList().Select(async file => (file.Url, (await file.SizesAsync()).ResponseBodySize)));
        Assert.True(sizes.Sum(file => file.ResponseBodySize) <= MaxFirstLoad, string.Join('\n', sizes));
        Assert.Contains(sizes, file => file.Url.EndsWith("/js/app.js", StringComparison.Ordinal));
        // Every module of the first page is named in it, so that the browser requests all of them at once.
        var preloaded = await page.Locator("link[rel=modulepreload], script[src]")
            .EvaluateAllAsync<string[]>("links => links.map(link => link.href || link.src)");
        Assert.Equal(
            sizes.Select(file => file.Url).Where(url => url.EndsWith(".js", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            preloaded.Order(StringComparer.Ordinal));
    }

    [LongFact]
    public async Task EveryWidth_FitsWithoutScrollingSideways()
    {
        var scene = shared.Scene;
        await using var visitor = await browser.VisitAsync(scene.Operations, Look.Phone);
        var page = await visitor.OpenAsync();
        foreach (var path in (string[])["", "events", "events/" + shared.Dead, "attention", "silences"])
        {
            await page.GotoAsync(visitor.AddressOf(path));
            await Expect(page.GetByText("Loading…")).ToHaveCountAsync(0);
            foreach (var width in (int[])[420, 600, 760, 1000, 1440])
            {
                await page.SetViewportSizeAsync(width, 800);
                var scrolled = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
                Assert.True(scrolled <= width, $"/{path} is {scrolled} wide at {width}");
                // A name that is broken into letters would be many lines high.
                var heights = await page.Locator(".place h3").EvaluateAllAsync<double[]>(
                    "names => names.map(name => name.getBoundingClientRect().height)");
                Assert.All(heights, height => Assert.InRange(height, 10, 40));
            }
        }
    }

    [LongFact]
    public async Task Switches_ThemeAndTimeZone_AreKept()
    {
        var scene = shared.Scene;
        await using var visitor = await browser.VisitAsync(scene.Operations);
        var page = await visitor.OpenAsync("events/" + shared.Dead);
        var root = page.Locator("html");
        var time = page.GetByRole(AriaRole.Tabpanel).GetByRole(AriaRole.Time).First;
        await Expect(root).ToHaveAttributeAsync("data-theme", "light");
        var received = DateTimeOffset.Parse((await time.GetAttributeAsync("datetime"))!, CultureInfo.InvariantCulture);
        await Expect(time).ToContainTextAsync(received.ToString("HH:mm:ss"));

        await page.Button("Dark").ClickAsync();
        await page.Button("UTC").ClickAsync();
        await Expect(root).ToHaveAttributeAsync("data-theme", "dark");
        var berlin = TimeZoneInfo.ConvertTime(received, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));
        await Expect(time).ToContainTextAsync(berlin.ToString("HH:mm:ss"));
        await page.ReloadAsync();

        await Expect(root).ToHaveAttributeAsync("data-theme", "dark");
        await Expect(time).ToContainTextAsync(berlin.ToString("HH:mm:ss"));
        visitor.AssertClean();
    }

    [LongFact]
    public async Task ScreenReader_FindsThePartsOfEachPage()
    {
        var scene = shared.Scene;
        await using var visitor = await browser.VisitAsync(scene.Operations);
        var page = await visitor.OpenAsync();
        await Expect(page.Locator("#shell")).ToMatchAriaSnapshotAsync(
            """
            - navigation "Pages":
              - link "Overview"
              - link "Events"
              - link "Attention 2 things need a person"
              - link "Silences"
            - main:
              - heading "2 things need a person." [level=1]
              - search:
                - searchbox "Find events"
              - region "What needs a person":
                - article:
                  - heading /Nothing reaches parked/ [level=3]
                  - link "See messages"
                  - button "Try now"
                - article:
                  - heading /A message to dead was not delivered/ [level=3]
                  - button "Discard"
                  - button "Retry"
              - region "Destinations":
                - list:
                  - listitem:
                    - heading "parked" [level=3]
              - region "What came in":
                - button "Pause"
            - contentinfo
            """);
        await page.GotoAsync(visitor.AddressOf("events/" + shared.Dead));
        await Expect(page.GetByRole(AriaRole.Main)).ToMatchAriaSnapshotAsync(
            """
            - navigation "Breadcrumb":
              - link "Events"
            - heading "Marker 1 end" [level=1]
            - button "Copy link"
            - region "Result":
              - list:
                - listitem: /dead did not receive it/
              - paragraph: /What to do/
              - paragraph:
                - button "Discard"
                - button "Retry as stored"
                - button "Retry"
            - region "Why it went there":
              - heading "Why it went there" [level=2]
              - list:
                - listitem:
                  - list:
                    - listitem: /not met/
                - listitem:
                  - list:
                    - listitem: /met/
            - region "Delivery":
              - tablist "Destinations":
                - tab /dead/ [selected]
              - tabpanel
            - region "Message":
              - heading "Message" [level=2]
              - group "Show as":
                - button "Message" [pressed]
                - button "JSON"
            """);
        await page.GotoAsync(visitor.AddressOf("attention"));
        await Expect(page.GetByRole(AriaRole.Main)).ToMatchAriaSnapshotAsync(
            """
            - heading "Attention" [level=1]
            - region "What else needs a person":
              - article
            - heading "Dead letters and held deliveries" [level=2]
            - group:
              - form "Filters":
                - combobox "State"
            - region "Deliveries":
              - checkbox "Select all loaded"
              - button "Discard…" [disabled]
              - button "Retry…" [disabled]
              - list "Dead letters and held deliveries":
                - listitem:
                  - checkbox /Select delivery \d+ to dead/
                  - paragraph:
                    - link "Marker 1 end"
            """);
        await page.GotoAsync(visitor.AddressOf("silences"));
        await Expect(page.GetByRole(AriaRole.Main)).ToMatchAriaSnapshotAsync(
            """
            - heading "Silences" [level=1]
            - region "Silences that have not ended":
              - list:
                - listitem:
                  - link "Deferred messages"
                  - button "Expire now"
            - region "Add a silence":
              - textbox "Projects"
              - textbox "Reason"
              - paragraph:
                - button "Add silence"
            """);
        visitor.AssertClean();
    }
}

/// <summary>A scene with everything that a page can show; no test changes it.</summary>
public sealed class LookScene : IAsyncLifetime
{
    internal Scene Scene { get; private set; } = null!;

    /// <summary>The event whose delivery is dead.</summary>
    internal string Dead { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Scene = await Scene.OpenAsync();
        Dead = await Scene.ReportAsync(1, "DEAD", "dead", "dead");
        await Scene.ParkAsync(2);
        await Scene.Operations.PostAsync("/silences", """{"project":["NIGHT"],"for":"2h","by":"anna","why":"known outage"}""");
    }

    public ValueTask DisposeAsync() => Scene.DisposeAsync();
}
