namespace DefectNotifier.Worker.Commands;

/// <summary>Tells at the terminal why something was not done.</summary>
internal static class Refusals
{
    public static async Task<int> TellAsync(Problem problem)
    {
        await Console.Error.WriteLineAsync(TerminalText.Line(problem.Field is { } field ? $"{field}: {problem.Detail}" : problem.Detail));
        return problem.Status == StatusCodes.Status400BadRequest ? ExitCodes.BadArguments : ExitCodes.Failed;
    }

    /// <summary>A fault of an option, found before anybody was asked.</summary>
    public static async Task<int> TellOptionAsync(Problem problem)
    {
        await Console.Error.WriteLineAsync($"--{problem.Field}: {problem.Detail}");
        return ExitCodes.BadArguments;
    }
}
