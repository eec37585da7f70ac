using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace DefectNotifier.BrowserTests.Harness;

/// <summary>
/// One browser that looks at a console. Records what must never happen: requests to another origin, dialogs, errors of scripts and
/// violations of the content policy.
/// </summary>
internal sealed class Visitor : IAsyncDisposable
{
    private const string ReportViolations =
        "addEventListener('securitypolicyviolation', event => "
        + "console.error('policy violation: ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample))";

    private readonly ConcurrentQueue<string> _faults = [];

    public Visitor(IBrowserContext context, Uri console)
    {
        Context = context;
        Console = console;
        context.Page += (_, page) => Watch(page);
    }

    public IBrowserContext Context { get; }

    public Uri Console { get; }

    /// <summary>Opens a path below <c>/console/</c> in a new tab.</summary>
    public async Task<IPage> OpenAsync(string path = "")
    {
        var page = await Context.NewPageAsync();
        await page.AddInitScriptAsync(ReportViolations);
        await page.GotoAsync(AddressOf(path));
        return page;
    }

    public string AddressOf(string path) => new Uri(Console, "/console/" + path).ToString();

    /// <summary>Fails when anything happened that must never happen.</summary>
    public void AssertClean() => Assert.Empty(_faults);

    public ValueTask DisposeAsync() => Context.DisposeAsync();

    private void Watch(IPage page)
    {
        page.Request += (_, request) =>
        {
            var url = new Uri(request.Url);
            if (url.Scheme is not "data" && url.GetLeftPart(UriPartial.Authority) != Console.GetLeftPart(UriPartial.Authority))
                _faults.Enqueue("request to " + request.Url);
        };
        page.Dialog += (_, dialog) =>
        {
            _faults.Enqueue("dialog: " + dialog.Message);
            _ = dialog.DismissAsync();
        };
        page.PageError += (_, error) => _faults.Enqueue("error: " + error);
        page.Console += (_, message) =>
        {
            // The browser also reports responses with an error status, which tests ask for, and lost connections.
            var isNetwork = message.Text.Contains("Failed to load resource", StringComparison.Ordinal)
                || message.Text.Contains("net::ERR", StringComparison.Ordinal);
            if (message.Type == "error" && !isNetwork) _faults.Enqueue(message.Text);
        };
    }
}
