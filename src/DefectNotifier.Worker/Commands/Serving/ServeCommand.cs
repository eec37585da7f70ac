using System.Security.Cryptography;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Reloading;
using DefectNotifier.Worker.Settings;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Serving;

/// <summary><c>serve</c>: the service itself.</summary>
internal static class ServeCommand
{
    public static Task<int> RunAsync(string? configFile, CancellationToken stop) => CommandErrors.TellAsync(async () =>
    {
        // What the start needs a little later: the library of it is loaded meanwhile.
        _ = Task.Run(() => SHA256.HashData([]));
        using var components = new ChatComponents(TimeProvider.System, new SandboxPrinter(Output.Out));
        await using var host = NotifierHost.Build(new SettingsLoader(configFile, components.DestinationTypes).Load, components);
        await host.StartAsync(stop);
        using var hangup = HangupSignal.Reloads(host.Services.GetRequiredService<Reloader>(), host.Services.GetRequiredService<ILogger<Reloader>>());
        await host.WaitForShutdownAsync(stop);
        return ExitCodes.Ok;
    }, CommandErrors.Start);
}
