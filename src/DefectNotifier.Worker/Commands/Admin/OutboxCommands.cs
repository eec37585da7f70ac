using System.CommandLine;
using DefectNotifier.Worker.Commands.Completion;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary><c>outbox</c>: what an operator sees of deliveries and decides over them.</summary>
internal sealed class OutboxCommands(Option<string?> config)
{
    private readonly Option<bool> _json = new("--json") { Description = "Write JSON, as the operations API responses." };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Change nothing; tell what would be done." };
    private readonly Option<bool> _yes = new("--yes") { Description = "Needed when conditions find more than one delivery." };

    public Command Build() => new("outbox", "See deliveries and decide over those that came to no good end; works whether the service runs or not.")
    {
        List(), Show(), Why(), Retry(), Discard(), Resume(),
    };

    private Command List()
    {
        var limit = new Option<string?>("--limit") { Description = "At most so many: 1 to 500, default 50.", HelpName = "N" };
        var before = new Option<string?>("--before") { Description = "Only deliveries with a smaller number: where the list before ended.", HelpName = "DELIVERY_ID" };
        var conditions = new OutboxConditions(config);
        var command = new Command("list", "List deliveries, newest first; without conditions what is dead or held.") { limit, before, _json };
        conditions.AddTo(command);
        command.SetAction((parsed, stop) =>
        {
            var filter = conditions.Filter(parsed) with { Limit = parsed.GetValue(limit), Before = parsed.GetValue(before) };
            return ListCommand.RunAsync(parsed.GetValue(config), filter, parsed.GetValue(_json), stop);
        });
        return command;
    }

    private Command Show()
    {
        var id = DeliveryId();
        var message = new Option<bool>("--message") { Description = "Write the message that was, or would have been, sent, and nothing else." };
        var command = new Command("show", "Show one delivery with every attempt.") { id, message, _json };
        command.SetAction((parsed, stop) => ShowCommand.RunAsync(parsed.GetValue(config), parsed.GetValue(id), parsed.GetValue(message), parsed.GetValue(_json), stop));
        return command;
    }

    private Command Why()
    {
        var id = new Argument<string>("EVENT_ID") { Description = "The id that the sender was told, and that lists show." };
        // As a path it would be the list of all events.
        id.Validators.Add(result =>
        {
            if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string>())) result.AddError("EVENT_ID is empty.");
        });
        var command = new Command("why", "Tell an event's whole timeline: which route took it or did not, what was tried, what was waited for, and what there is to do.") { id, _json };
        command.SetAction((parsed, stop) => WhyCommand.RunAsync(parsed.GetValue(config), parsed.GetValue(id)!, parsed.GetValue(_json), stop));
        return command;
    }

    private Command Retry()
    {
        var rendered = new Option<bool>("--rendered") { Description = "Send the kept message as it is; without, the event is rendered anew." };
        var command = Change("retry", "Send dead, held or discarded deliveries again, in their old place of the order.", parsed => new RetryChange(parsed.GetValue(rendered)));
        command.Options.Add(rendered);
        return command;
    }

    private Command Discard() =>
        Change("discard", "Decide that dead or held deliveries, or pending ones whose destination is gone, are never sent.", _ => new DiscardChange());

    private Command Change(string name, string description, Func<ParseResult, IDeliveryAction> change)
    {
        var ids = new Argument<long[]>("DELIVERY_ID") { Description = "The deliveries; or none, and conditions.", Arity = ArgumentArity.ZeroOrMore };
        var conditions = new OutboxConditions(config);
        var command = new Command(name, description) { ids, _dryRun, _yes, _json };
        conditions.AddTo(command);
        command.SetAction((parsed, stop) => ChangeCommand.RunAsync(
            parsed.GetValue(config),
            change(parsed),
            parsed.GetValue(ids) ?? [],
            conditions.Request(parsed) with { DryRun = parsed.GetValue(_dryRun) },
            parsed.GetValue(_yes),
            parsed.GetValue(_json),
            stop));
        return command;
    }

    private Command Resume()
    {
        var name = new Argument<string>("DESTINATION") { Description = "The destination's name in the settings." };
        name.CompletionSources.Add(Completions.Destinations(config));
        var command = new Command("resume", "Have a parked destination tried now instead of at the next of its regular tries.") { name, _json };
        command.SetAction((parsed, stop) => ResumeCommand.RunAsync(parsed.GetValue(config), parsed.GetValue(name)!, parsed.GetValue(_json), stop));
        return command;
    }

    private static Argument<long> DeliveryId() => new("DELIVERY_ID") { Description = "The delivery's number, as lists show it." };
}
