using System.Runtime.InteropServices;

namespace DefectNotifier.Worker.Reloading;

/// <summary>SIGHUP reloads the configuration at once, as is usual for services on Unix.</summary>
internal static partial class HangupSignal
{
    /// <summary>Null on Windows, and in a terminal: there SIGHUP means that the window was closed, and ends the process.</summary>
    public static IDisposable? Reloads(Reloader reloader, ILogger<Reloader> logger)
    {
        if (OperatingSystem.IsWindows() || !System.Console.IsOutputRedirected) return null;
        return PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            try
            {
                reloader.Reload("SIGHUP");
            }
            // A signal handler has no caller that could handle the error.
            catch (Exception error)
            {
                Log.Failed(logger, error);
            }
        });
    }

    private static partial class Log
    {
        [LoggerMessage(16, LogLevel.Critical, "Unexpected error during the reload on SIGHUP; the active configuration stays")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
