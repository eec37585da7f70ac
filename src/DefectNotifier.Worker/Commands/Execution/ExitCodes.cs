namespace DefectNotifier.Worker.Commands.Execution;

/// <summary>The exit codes of the program.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>The service could not start, or the command failed; the reason is on standard error.</summary>
    public const int Failed = 1;

    /// <summary>The arguments or the settings are wrong.</summary>
    public const int BadArguments = 2;
}
