using DefectNotifier.FunctionalTests.Harness;
using Microsoft.Playwright;

// A worker and the processes of a page keep a core busy.
[assembly: Xunit.v3.Parallelization(MaxThreads = 2)]
[assembly: AssemblyFixture(typeof(DefectNotifier.BrowserTests.Harness.Chromium))]

namespace DefectNotifier.BrowserTests.Harness;

/// <summary>One browser for all tests, which are <see cref="LongTests"/>. Where no Chromium is installed, they are skipped.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string PathVariable = "CHROMIUM";

    private static readonly string? Executable =
        ((string?[])
        [
            Environment.GetEnvironmentVariable(PathVariable), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
        ]).FirstOrDefault(File.Exists);

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Executable is null || LongTests.SkipReason is not null) return;
        Assertions.SetDefaultExpectTimeout(TestTimeout);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Executable,
            // Root, as whom containers run tests, has no sandbox.
            Args = Environment.IsPrivilegedProcess ? ["--disable-gpu", "--no-sandbox"] : ["--disable-gpu"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>A browser of its own: no cookies, nothing stored.</summary>
    internal async Task<Visitor> VisitAsync(OperationsClient operations, Look? look = null)
    {
        Assert.SkipWhen(_browser is null, $"No Chromium is installed (apt-get install chromium), and {PathVariable} names none.");
        look ??= Look.Desktop;
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = look.Width, Height = look.Height },
            ColorScheme = look.IsDark ? ColorScheme.Dark : ColorScheme.Light,
            HasTouch = look.Width < 500,
            // Axe is injected as a script.
            BypassCSP = look.BypassesPolicy,
            TimezoneId = "Europe/Berlin",
        });
        context.SetDefaultTimeout(TestTimeout);
        return new Visitor(context, operations.Address);
    }

    /// <summary>In milliseconds. Much longer than anything takes: it only ends a test that would never succeed.</summary>
    private const int TestTimeout = 30_000;
}

/// <summary>The window of a browser.</summary>
internal sealed record Look(int Width, int Height, bool IsDark = false, bool BypassesPolicy = false)
{
    public static readonly Look Desktop = new(1440, 900);
    public static readonly Look Phone = new(420, 800);
}
