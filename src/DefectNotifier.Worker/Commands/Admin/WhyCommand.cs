using System.CommandLine;
using DefectNotifier.Worker.Commands.Execution;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary><c>why</c>: what happened to a defect, an event or a delivery.</summary>
internal static class WhyCommand
{
    public static Command Build(Option<string?> config)
    {
        var target = new Argument<string[]>("TARGET")
        {
            Description = "A defect (WEB-97, WEB 97, WEB D-97 or D-97), a delivery's number (17), or an event's id or its beginning.",
            Arity = ArgumentArity.OneOrMore,
        };
        target.Validators.Add(result =>
        {
            if (string.IsNullOrWhiteSpace(string.Concat(result.Tokens.Select(token => token.Value)))) result.AddError("TARGET is empty.");
        });
        var source = CommandOptions.Text("--source", "NAME", "Only what this endpoint received; empty for the default one.");
        var json = OutboxCommands.JsonOption();
        var command = new Command(
            "why", "Show what happened to a defect, an event or a delivery: every route, attempt and wait, and what you can do.")
        {
            target, source, json,
        };
        command.SetAction((parsed, stop) => OutboxAdminAccess.RunAsync(
            parsed.GetValue(config),
            admin => new WhySearch(admin, parsed.GetValue(source), parsed.GetValue(json), stop)
                .ShowAsync(string.Join(' ', parsed.GetValue(target)!).Trim()),
            stop));
        return command;
    }
}
