using System.Net.Sockets;
using System.Text;
using DefectNotifier.Chat.Sandbox;
using DefectNotifier.Delivery;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Commands;

/// <summary><c>demo</c>: the whole way of an event on this machine, with sandboxes in place of the chats.</summary>
internal static class DemoCommand
{
    /// <summary>One defect's life, as Qase's documentation tells it.</summary>
    private static readonly string[] Webhooks =
    [
        """{"event_name":"defect.created","timestamp":1650532563,"payload":{"id":1,"title":"Example defect","severity":"normal","actual_result":"Something","attachments":[]},"team_member_id":40,"project_code":"ID"}""",
        """{"event_name":"defect.updated","timestamp":1650532605,"payload":{"id":1},"team_member_id":40,"project_code":"ID"}""",
        """{"event_name":"defect.resolved","timestamp":1650533030,"payload":{"id":1},"team_member_id":40,"project_code":"ID"}""",
        """{"event_name":"defect.deleted","timestamp":1650533058,"payload":{"id":1},"team_member_id":40,"project_code":"ID"}""",
    ];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Task<int> RunAsync(bool once, CancellationToken stop) => StartErrors.TellAsync(async () =>
    {
        var folder = Directory.CreateTempSubdirectory("defect-notifier-demo-");
        try
        {
            return await RunAsync(SettingsIn(folder), once, stop);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }, StartErrors.Start);

    private static async Task<int> RunAsync(NotifierSettings settings, bool once, CancellationToken stop)
    {
        var printer = new CountingPrinter(new SandboxPrinter(Terminal.Out), Webhooks.Length * settings.Destinations.Count);
        using var components = new ChatComponents(TimeProvider.System, printer);
        await using var host = NotifierHost.Build(settings, components, QuietLogging());
        await host.StartAsync(stop);
        var address = new Uri(host.Services.GetRequiredService<Listeners>().Ingress.Url, settings.Ingress.Path);

        Terminal.Remark($"Sending the four defect webhooks of Qase's documentation to {address}");
        Terminal.Remark("");
        // No proxy: the environment's would be asked even for loopback.
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        foreach (var webhook in Webhooks)
        {
            using var body = new StringContent(webhook, Encoding.UTF8, "application/json");
            using var response = await client.PostAsync(address, body, stop);
            response.EnsureSuccessStatusCode();
        }

        if (!await AreAllShownAsync(printer, stop)) return ExitCodes.Failed;
        if (once) return ExitCodes.Ok;

        Terminal.Remark("Send one yourself, for example:");
        Terminal.Remark("");
        Terminal.Remark($"  curl {address} -d '{Webhooks[0].Replace("Example defect", "My first defect", StringComparison.Ordinal).Replace("\"id\":1,", "\"id\":2,", StringComparison.Ordinal).Replace("normal", "blocker", StringComparison.Ordinal)}'");
        Terminal.Remark("");
        Terminal.Remark("What the chats would have got, as JSON: " + new Uri(host.Services.GetRequiredService<Listeners>().Operations.Url, "/sandbox/messages"));
        Terminal.Remark("Ctrl+C ends the demo and leaves nothing behind.");
        await host.WaitForShutdownAsync(stop);
        return ExitCodes.Ok;
    }

    private static async Task<bool> AreAllShownAsync(CountingPrinter printer, CancellationToken stop)
    {
        try
        {
            await printer.AllShown.WaitAsync(Patience, TimeProvider.System, stop);
            return true;
        }
        catch (TimeoutException)
        {
            Terminal.WriteError($"Not all messages were shown within {Patience.TotalSeconds:0} s.");
            return false;
        }
    }

    private static NotifierSettings SettingsIn(DirectoryInfo folder)
    {
        var standard = new NotifierSettings();
        return standard with
        {
            Ingress = standard.Ingress with { Url = FreeOrAny(standard.Ingress.Url) },
            OperationsUrl = FreeOrAny(standard.OperationsUrl),
            OutboxPath = Path.Combine(folder.FullName, "outbox.db"),
            OutboxMinFreeBytes = 0,
            Destinations =
            [
                new DestinationOptions { Name = "slack-channel", Type = "sandbox", As = "slack" },
                new DestinationOptions { Name = "teams-channel", Type = "sandbox", As = "teams" },
            ],
            Routes = [new RouteOptions { To = ["slack-channel", "teams-channel"] }],
        };
    }

    // The documented port when it is free, so that examples can be copied; any other one when it is taken.
    private static Uri FreeOrAny(Uri url)
    {
        using var probe = new TcpListener(System.Net.IPAddress.Loopback, url.Port);
        try
        {
            probe.Start();
            return url;
        }
        catch (SocketException)
        {
            return new UriBuilder(url) { Port = 0 }.Uri;
        }
    }

    // The messages are what the demo is about; only trouble may come between them.
    private static IConfigurationSection QuietLogging() =>
        new ConfigurationBuilder().AddInMemoryCollection([new("Logging:LogLevel:Default", "Warning")]).Build().GetSection("Logging");

    private sealed class CountingPrinter(ISandboxListener printer, int expected) : ISandboxListener
    {
        private readonly TaskCompletionSource _allShown = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _shown;

        public Task AllShown => _allShown.Task;

        public void OnMessage(SandboxMessage message)
        {
            printer.OnMessage(message);
            if (Interlocked.Increment(ref _shown) == expected) _allShown.TrySetResult();
        }
    }
}
