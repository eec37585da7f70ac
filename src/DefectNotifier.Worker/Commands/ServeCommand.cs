using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Commands;

/// <summary><c>serve</c>: the service itself.</summary>
internal static class ServeCommand
{
    public static Task<int> RunAsync(string? configFile, CancellationToken stop) => StartFaults.TellAsync(async () =>
    {
        var (configuration, faults) = SettingsSources.Load(configFile);
        using var components = new ChatComponents(TimeProvider.System, new SandboxPrinter(Terminal.Out));
        var settings = new SettingsReader(components.DestinationTypes).Read(configuration, faults);
        await using var host = NotifierHost.Build(settings, components, configuration.GetSection("Logging"));
        await host.StartAsync(stop);
        await host.WaitForShutdownAsync(stop);
        return ExitCodes.Ok;
    }, StartFaults.Start);
}
