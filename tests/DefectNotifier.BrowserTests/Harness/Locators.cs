using Microsoft.Playwright;

namespace DefectNotifier.BrowserTests.Harness;

/// <summary>Finds what people find: by role and name.</summary>
internal static class Locators
{
    public static ILocator Button(this IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public static ILocator Link(this IPage page, string name) => page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    public static ILocator Heading(this IPage page) => page.GetByRole(AriaRole.Heading, new() { Level = 1 });

    public static ILocator Region(this IPage page, string name) => page.GetByRole(AriaRole.Region, new() { Name = name });

    /// <summary>The result of an event, in one sentence for each destination.</summary>
    public static ILocator Verdict(this IPage page) => page.Region("Result");

    /// <summary>The newest events on the overview.</summary>
    public static ILocator Feed(this IPage page) => page.Region("What came in");

    /// <summary>The card of a need whose text contains these words.</summary>
    public static ILocator Card(this IPage page, string words) =>
        page.GetByRole(AriaRole.Article).Filter(new() { HasText = words });
}
