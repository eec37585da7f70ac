using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox.Contract;
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
    private const string Slack = "web-qa";
    private const string Teams = "web-leads";

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
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stop);
        // The host handles no signals before it starts: the folder would stay.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        var folder = Directory.CreateTempSubdirectory("defect-notifier-demo-");
        try
        {
            return await RunAsync(SettingsIn(folder), once, ends.Token);
        }
        // The service may stop while a webhook is sent to it.
        catch (Exception error) when (ends.IsCancellationRequested && IsOfEnd(error))
        {
            if (!once) return ExitCodes.Ok;
            Output.WriteError("The demo was ended before all messages arrived.");
            return ExitCodes.Failed;
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            ends.Cancel();
        }
    }, CommandErrors.CannotStart);

    private static bool IsOfEnd(Exception error) => error is OperationCanceledException or HttpRequestException;

    private static async Task<int> RunAsync(NotifierSettings settings, bool once, CancellationToken stop)
    {
        var (screen, defaults) = (new DemoScreen(Output.Out), new NotifierSettings());
        using var components = new ChatComponents(TimeProvider.System, screen);
        await using var host = NotifierHost.Build(settings, components, QuietLogging());
        await ServiceStart.RunAsync(host, stop);
        var listeners = host.Services.GetRequiredService<Listeners>();
        var address = new Uri(listeners.Ingress.Url, settings.Ingress.Path);

        var operations = listeners.Operations.Url;
        var isMoved = address.Port != defaults.Ingress.Url.Port || operations.Port != defaults.OperationsUrl.Port;
        if (isMoved) Output.WriteNote($"Port {defaults.Ingress.Url.Port} or {defaults.OperationsUrl.Port} is in use.");
        Output.WriteNote($"Listening for webhooks on port {address.Port}, and for browsers on port {operations.Port}.");
        Output.WriteNote("One defect of project WEB, from its creation to its end: four webhooks, as Qase sends them.");
        Output.WriteNote("A Slack bot keeps one message per defect up to date. In Teams each event is a card of its own.");
        Output.WriteNote("");
        try
        {
            if (!await PlayAsync(host.Services.GetRequiredService<OutboxSignals>(), screen, address, stop)) return ExitCodes.Failed;
            if (once) return ExitCodes.Ok;
            screen.GoLive();
            WriteNext(address, operations);
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(stop, host.Lifetime.ApplicationStopping);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ends.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return ExitCodes.Ok;
        }
        finally
        {
            // Lanes must end before the outbox is closed, or they report that it does not work.
            await host.StopAsync(CancellationToken.None);
        }
    }

    /// <returns>False when not all messages arrived.</returns>
    private static async Task<bool> PlayAsync(OutboxSignals signals, DemoScreen screen, Uri address, CancellationToken stop)
    {
        var stories = DemoStory.Of(TimeProvider.System.GetUtcNow());
        for (var i = 0; i < stories.Count; i++)
        {
            DemoScreen.WriteEvent(i + 1, stories.Count, stories[i]);
            await PostAsync(address, stories[i].Body, stop);
            // One at a time: otherwise the messages of an event could already show the state after the next one.
            if (!await IsShownAsync(signals, screen, i + 1, stop))
            {
                Output.WriteError($"Not all messages arrived within {MaxWait.TotalSeconds:0} s.");
                return false;
            }

            screen.WriteThread(Slack, $"Slack, channel {Slack}");
            screen.WriteLast(Teams, $"Microsoft Teams, channel {Teams}");
        }

        return true;
    }

    private static void WriteNext(Uri address, Uri operations)
    {
        Output.WriteNote("── The service keeps running ".PadRight(96, '─'));
        Output.WriteNote("");
        Output.WriteNote($"The console, for a browser:  {new Uri(operations, "/console/")}");
        Output.WriteNote($"The messages as JSON:        {new Uri(operations, "/sandbox/messages")}");
        Output.WriteNote("");
        Output.WriteNote("Send events of your own, from another shell. A new defect, and its end:");
        Output.WriteNote("");
        Output.WriteNote($"  curl {address} -d '{{\"event_name\":\"defect.created\",\"project_code\":\"WEB\",");
        Output.WriteNote("    \"payload\":{\"id\":98,\"title\":\"The cart is empty after the login\",\"severity\":\"blocker\"}}'");
        Output.WriteNote("");
        Output.WriteNote($"  curl {address} -d '{{\"event_name\":\"defect.resolved\",\"project_code\":\"WEB\",");
        Output.WriteNote("    \"payload\":{\"id\":98}}'");
        Output.WriteNote("");
        Output.WriteNote("Press Ctrl+C to end the demo. All its data is deleted.");
        Output.WriteNote("");
    }

    private static async Task PostAsync(Uri address, string webhook, CancellationToken stop)
    {
        // Without a proxy: a proxy from the environment would be used even for loopback.
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var body = new StringContent(webhook, Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(address, body, stop);
        response.EnsureSuccessStatusCode();
    }

    // Each event is one card in Teams; in Slack it may be an update, a reply or both.
    private static async Task<bool> IsShownAsync(OutboxSignals signals, DemoScreen screen, int events, CancellationToken stop)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (screen.CountIn(Teams) < events || signals.For(Slack).Waiting > 0 || signals.For(Teams).Waiting > 0)
        {
            if (TimeProvider.System.GetElapsedTime(start) > MaxWait) return false;
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, stop);
        }

        return true;
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
                new DestinationOptions { Name = Slack, Type = "sandbox", As = "slack" },
                new DestinationOptions { Name = Teams, Type = "sandbox", As = "teams" },
            ],
            Routes = [new RouteOptions { To = [Slack, Teams] }],
        };
    }

    // The default port if it is free, so that the documented examples work; otherwise any free port.
    private static Uri FreePort(Uri url) => Listener.ErrorAt(url) is null ? url : new UriBuilder(url) { Port = 0 }.Uri;

    // Other logs would hide the messages that the demo is about.
    private static IConfigurationSection QuietLogging() =>
        new ConfigurationBuilder().AddInMemoryCollection([new("Logging:LogLevel:Default", "Error")]).Build().GetSection("Logging");
}
