using System.CommandLine;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary><c>outbox</c>: shows deliveries, and retries or discards them.</summary>
internal static class OutboxCommands
{
    public static Command Build(Option<string?> config) => new(
        "outbox", "Show, retry and discard deliveries. Works while the service is running and while it is stopped.")
    {
        ListCommand.Build(config),
        ShowCommand.Build(config),
        WhyCommand.Build(config),
        ChangeCommand.BuildRetry(config),
        ChangeCommand.BuildDiscard(config),
        ResumeCommand.Build(config),
    };
}
