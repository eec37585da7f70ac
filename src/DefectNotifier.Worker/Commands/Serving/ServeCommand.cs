using System.CommandLine;
using System.Security.Cryptography;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Hosting;
using DefectNotifier.Worker.Reloading;
using DefectNotifier.Worker.Settings;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Serving;

/// <summary><c>serve</c>: runs the service.</summary>
internal static class ServeCommand
{
    public static Command Build(Option<string?> config)
    {
        var command = new Command("serve", "Receive webhooks and send messages (the default command).");
        command.SetAction((parsed, stop) => RunAsync(parsed.GetValue(config), stop));
        return command;
    }

    public static Task<int> RunAsync(string? configFile, CancellationToken stop) => CommandErrors.CatchAsync(async () =>
    {
        // Loads the native cryptography library in parallel; the start needs it a little later.
        _ = Task.Run(() => SHA256.HashData([]));
        MemoryExhaustion.EndProcess();
        using var components = new ChatComponents(TimeProvider.System, new SandboxPrinter(Output.Out));
        await using var host = NotifierHost.Build(new SettingsLoader(configFile, components.NewSettingsReader()).Load, components);
        // Before the service manager learns that the service is up: without the handler SIGHUP would end the process.
        using var hangup = HangupSignal.Reloads(
            host.Services.GetRequiredService<Reloader>(), host.Services.GetRequiredService<ILogger<Reloader>>());
        await ServiceStart.RunAsync(host, stop);
        await host.WaitForShutdownAsync(stop);
        return ExitCodes.Ok;
    }, CommandErrors.CannotStart);
}
