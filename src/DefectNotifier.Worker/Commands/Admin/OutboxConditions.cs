using System.CommandLine;
using System.CommandLine.Completions;
using DefectNotifier.Worker.Commands.Completion;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Operations;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary>The options that select deliveries, the same for every command.</summary>
internal sealed class OutboxConditions
{
    public Option<string[]> State { get; } = new("--state")
    {
        Description = $"{string.Join(", ", StateWords.Known)}; several separated by commas. Default: dead,held.",
        HelpName = "STATE",
    };

    private readonly Option<string?> _event = CommandOptions.Text("--event", "ID", "Only deliveries of this event.");
    private readonly Option<string?> _destination = CommandOptions.Text("--destination", "NAME", "Only deliveries to this destination.");
    private readonly Option<string?> _reason =
        CommandOptions.Text("--reason", "REASON", "Only deliveries with this reason, for example expired.");

    private readonly Option<string?> _project = CommandOptions.Text("--project", "CODE", "Only deliveries of events of this project.");

    private readonly Option<string?> _since = CommandOptions.Text(
        "--since", "WHEN", "Only deliveries of events received since then: 2d, 12h, or a time such as 2026-03-14T15:00:00Z.");

    public OutboxConditions(Option<string?> config)
    {
        State.CompletionSources.Add(_ => StateWords.Known.Select(word => new CompletionItem(word)));
        _destination.CompletionSources.Add(Completions.Destinations(config));
    }

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[State, _event, _destination, _reason, _project, _since]) command.Options.Add(option);
    }

    public DeliveryFilter Filter(ParseResult parsed) => new()
    {
        State = parsed.GetValue(State),
        Event = parsed.GetValue(_event),
        Destination = parsed.GetValue(_destination),
        Reason = parsed.GetValue(_reason),
        Project = parsed.GetValue(_project),
        Since = parsed.GetValue(_since),
    };

    public BulkRequest Request(ParseResult parsed) => new()
    {
        // Without the option the value is an empty list, which would count as a condition.
        State = parsed.GetValue(State) is [_, ..] states ? StateWords.InRequest(states) : null,
        Event = parsed.GetValue(_event),
        Destination = parsed.GetValue(_destination),
        Reason = parsed.GetValue(_reason),
        Project = parsed.GetValue(_project),
        Since = parsed.GetValue(_since),
    };
}
