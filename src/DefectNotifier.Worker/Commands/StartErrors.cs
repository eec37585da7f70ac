using System.Net.Sockets;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Commands;

/// <summary>Says what keeps the service from starting or a command from its work, in words for the person who starts it, without a stack trace.</summary>
internal static class StartErrors
{
    /// <summary>For what opens the listeners.</summary>
    public const string Start = "can't start";

    /// <summary>Runs the work; an error of settings, store or address becomes a message on standard error and an exit code.</summary>
    /// <param name="work">What is to be done.</param>
    /// <param name="what">What can't be done then, in the words of the message.</param>
    public static async Task<int> TellAsync(Func<Task<int>> work, string what = "can't do that")
    {
        try
        {
            return await work();
        }
        catch (Exception error) when (error is SettingsException or CommandException)
        {
            Terminal.WriteError(error.Message);
            return ExitCodes.BadArguments;
        }
        // An address that this machine does not have, or a port that it may not take.
        catch (SocketException error)
        {
            Terminal.WriteError($"DefectNotifier can't listen at Ingress:Url or Operations:Url: {error.Message}.");
            return ExitCodes.Failed;
        }
        catch (Exception error) when (error is OutboxInUseException or OutboxOpenException or OutboxUnavailableException
            or IOException or UnauthorizedAccessException)
        {
            // IOException is Kestrel's "address already in use".
            Terminal.WriteError($"DefectNotifier {what}: {error.Message}");
            return ExitCodes.Failed;
        }
    }
}
