using System.Runtime.InteropServices;

namespace DefectNotifier.Worker.Reloading;

/// <summary>SIGHUP: reload now, as services on Unix do.</summary>
internal static partial class HangupSignal
{
    /// <summary>Null where there is no such signal, and in a terminal: there it means that the window was closed, and ends the service as it ends every program.</summary>
    public static IDisposable? Reloads(Reloader reloader, ILogger<Reloader> logger) => OperatingSystem.IsWindows() || !Console.IsOutputRedirected
        ? null
        : PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            try
            {
                reloader.Reload("SIGHUP");
            }
            // Nobody is there to hear of it but the log.
            catch (Exception error)
            {
                Log.Failed(logger, error);
            }
        });

    private static partial class Log
    {
        [LoggerMessage(16, LogLevel.Critical, "The reload that SIGHUP asked for failed; what is in force stays")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
