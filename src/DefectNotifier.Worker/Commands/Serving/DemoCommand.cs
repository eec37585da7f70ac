using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text;
using DefectNotifier.Chat.Sandbox;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Hosting;
using DefectNotifier.Worker.Http;
using DefectNotifier.Worker.Settings;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Serving;

/// <summary><c>demo</c>: runs the whole service on this machine, with sandboxes in place of the chats.</summary>
internal static class DemoCommand
{
    // The life of one defect, as in Qase's documentation.
    private static readonly string[] Webhooks =
    [
        CreatedWebhook(id: 1, "Example defect", "normal"),
        """{"event_name":"defect.updated","timestamp":1650532605,"payload":{"id":1},"team_member_id":40,"project_code":"ID"}""",
        """{"event_name":"defect.resolved","timestamp":1650533030,"payload":{"id":1},"team_member_id":40,"project_code":"ID"}""",
        """{"event_name":"defect.deleted","timestamp":1650533058,"payload":{"id":1},"team_member_id":40,"project_code":"ID"}""",
    ];

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);

    public static Command Build()
    {
        var once = CommandOptions.Flag("--once", "Exit after the sample messages.");
        var command = new Command("demo", "Show sample messages on this machine: needs no settings and no chat, and keeps no data.")
        {
            once,
        };
        command.SetAction((parsed, stop) => RunAsync(parsed.GetValue(once), stop));
        return command;
    }

    private static Task<int> RunAsync(bool once, CancellationToken stop) => CommandErrors.CatchAsync(async () =>
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
    }, CommandErrors.CannotStart);

    private static async Task<int> RunAsync(NotifierSettings settings, bool once, CancellationToken stop)
    {
        using var printer = new CountingPrinter(new SandboxPrinter(Output.Out));
        using var components = new ChatComponents(TimeProvider.System, printer);
        await using var host = NotifierHost.Build(settings, components, QuietLogging());
        await host.StartAsync(stop);
        var listeners = host.Services.GetRequiredService<Listeners>();
        var address = new Uri(listeners.Ingress.Url, settings.Ingress.Path);

        Output.WriteNote($"Sending the four defect webhooks of Qase's documentation to {address}");
        Output.WriteNote("");
        // Without a proxy: a proxy from the environment would be used even for loopback.
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        foreach (var webhook in Webhooks)
        {
            using var body = new StringContent(webhook, Encoding.UTF8, "application/json");
            using var response = await client.PostAsync(address, body, stop);
            response.EnsureSuccessStatusCode();
            // Otherwise the messages of an event could already show the state after the next one.
            if (!await printer.WaitForAsync(settings.Destinations.Count, stop))
            {
                Output.WriteError($"Not all messages arrived within {MaxWait.TotalSeconds:0} s.");
                return ExitCodes.Failed;
            }
        }

        if (once) return ExitCodes.Ok;

        Output.WriteNote("Send an event of your own, for example:");
        Output.WriteNote("");
        Output.WriteNote($"  curl {address} -d '{CreatedWebhook(id: 2, "My first defect", "blocker")}'");
        Output.WriteNote("");
        Output.WriteNote("The messages as JSON: " + new Uri(listeners.Operations.Url, "/sandbox/messages"));
        Output.WriteNote("Press Ctrl+C to end the demo. All its data is deleted.");
        await host.WaitForShutdownAsync(stop);
        return ExitCodes.Ok;
    }

    private static string CreatedWebhook(int id, string title, string severity)
    {
        var payload = $$"""{"id":{{id}},"title":"{{title}}","severity":"{{severity}}","actual_result":"Something","attachments":[]}""";
        return $$"""{"event_name":"defect.created","timestamp":1650532563,"payload":{{payload}},"team_member_id":40,"project_code":"ID"}""";
    }

    private static NotifierSettings SettingsIn(DirectoryInfo folder)
    {
        var defaults = new NotifierSettings();
        return defaults with
        {
            Ingress = defaults.Ingress with { Url = FreePort(defaults.Ingress.Url) },
            OperationsUrl = FreePort(defaults.OperationsUrl),
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

    // The default port if it is free, so that the documented examples work; otherwise any free port.
    private static Uri FreePort(Uri url)
    {
        using var probe = new TcpListener(IPAddress.Loopback, url.Port);
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

    // Information logs would hide the messages that the demo is about.
    private static IConfigurationSection QuietLogging() =>
        new ConfigurationBuilder().AddInMemoryCollection([new("Logging:LogLevel:Default", "Warning")]).Build().GetSection("Logging");

    private sealed class CountingPrinter(ISandboxListener printer) : ISandboxListener, IDisposable
    {
        private readonly SemaphoreSlim _shown = new(0);

        public void OnMessage(SandboxMessage message)
        {
            printer.OnMessage(message);
            _shown.Release();
        }

        public async Task<bool> WaitForAsync(int messages, CancellationToken stop)
        {
            for (; messages > 0; messages--)
                if (!await _shown.WaitAsync(MaxWait, stop)) return false;
            return true;
        }

        public void Dispose() => _shown.Dispose();
    }
}
