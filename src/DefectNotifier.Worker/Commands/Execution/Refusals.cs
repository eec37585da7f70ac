using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Execution;

/// <summary>Tells at the terminal why something was not done.</summary>
internal static class Refusals
{
    public static int Tell(Problem problem)
    {
        Output.WriteError(problem.Field is { } field ? $"{field}: {problem.Detail}" : problem.Detail);
        return problem.Status == StatusCodes.Status400BadRequest ? ExitCodes.BadArguments : ExitCodes.Failed;
    }

    /// <summary>An error of an option, found before anybody was asked.</summary>
    public static int TellOption(Problem problem)
    {
        Output.WriteError($"--{problem.Field}: {problem.Detail}");
        return ExitCodes.BadArguments;
    }
}
