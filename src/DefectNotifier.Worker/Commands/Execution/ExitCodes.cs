namespace DefectNotifier.Worker.Commands.Execution;

/// <summary>How the process ends.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>It could not start or could not do its work; the reason is on standard error.</summary>
    public const int Failed = 1;

    /// <summary>The arguments or the settings are wrong.</summary>
    public const int BadArguments = 2;
}
