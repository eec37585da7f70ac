using System.Text.Json;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Worker.Http;
using DefectNotifier.Worker.Settings;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Execution;

/// <summary>An argument that can't be used. The message is for the user, and shows no secret that was passed by mistake.</summary>
internal sealed class CommandException(string message) : Exception(SecretMask.Hide(message));

/// <summary>
/// Reports why a command failed, or why the service could not start: a message on standard error without a stack trace, and an exit code.
/// </summary>
internal static class CommandErrors
{
    /// <summary>For commands that start the service.</summary>
    public const string CannotStart = "can't start";

    /// <summary>Runs the command; expected errors of the arguments, the settings, the outbox and the listeners are reported.</summary>
    public static async Task<int> CatchAsync(Func<Task<int>> work, string failure = "can't run this command")
    {
        try
        {
            return await work();
        }
        catch (Exception error) when (error is SettingsException or CommandException)
        {
            Output.WriteError(error.Message);
            return ExitCodes.BadArguments;
        }
        // IOException includes ListenException.
        catch (Exception error) when (error is OutboxInUseException or OutboxOpenException or OutboxUnavailableException
            or TemplateFolderException or IOException or UnauthorizedAccessException)
        {
            Output.WriteError($"DefectNotifier {failure}: {error.Message}");
            return ExitCodes.Failed;
        }
    }

    /// <summary>Reports a problem that the admin returned.</summary>
    public static int Report(Problem problem)
    {
        Output.WriteError(problem.Field is { } field ? $"{field}: {problem.Detail}" : problem.Detail);
        return problem.Status == StatusCodes.Status400BadRequest ? ExitCodes.BadArguments : ExitCodes.Failed;
    }

    /// <summary>Reports an invalid value of the option that is named like the problem's field.</summary>
    public static int ReportOption(Problem problem)
    {
        Output.WriteError($"--{JsonNamingPolicy.KebabCaseLower.ConvertName(problem.Field ?? "")}: {problem.Detail}");
        return ExitCodes.BadArguments;
    }
}

/// <summary>The exit codes of the program.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>The service could not start, or the command failed; the reason is on standard error.</summary>
    public const int Failed = 1;

    /// <summary>The arguments or the settings are wrong.</summary>
    public const int BadArguments = 2;
}
