using System.CommandLine;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Commands.Completion;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary><c>silence</c>: adds, lists and ends silences.</summary>
internal static class SilenceCommands
{
    private static readonly string[] Titles = ["ID", "STATE", "FROM", "UNTIL", "MATCHES", "THEN", "EVENTS", "BY", "WHY"];

    public static Command Build(Option<string?> config) => new(
        "silence", "Defer or discard the messages of known trouble. Works while the service is running and while it is stopped.")
    {
        BuildAdd(config),
        BuildList(config),
        BuildExpire(config),
    };

    private static Command BuildAdd(Option<string?> config)
    {
        var project = Texts("--project", "CODE", "Project codes, with * and ?.");
        var name = Texts("--event", "NAME", "Event names, with * and ?, for example defect.*.");
        var severity = Texts("--severity", "SEVERITY", "Severities.");
        var minSeverity = CommandOptions.Text("--min-severity", "SEVERITY", "This severity and every worse one.");
        var title = Texts("--title", "TEXT", "Titles, with * and ?, for example \"timeout*\".");
        severity.CompletionSources.Add(Completions.Severities);
        minSeverity.CompletionSources.Add(Completions.Severities);
        var all = CommandOptions.Flag("--all-projects", "Required without any matcher: every event is silenced.");
        var duration = CommandOptions.Text("--for", "TIME", "How long it lasts: 30m, 2h, 1d; at most 30 days.");
        var until = CommandOptions.Text("--until", "TIME", "When it ends, for example 2026-03-14T15:00:00Z; in place of --for.");
        var from = CommandOptions.Text("--from", "TIME", "When it starts; default: now.");
        var by = CommandOptions.Text("--by", "NAME", "Who asks for it; default: the name of your user account.");
        var why = CommandOptions.Text("--why", "TEXT", "The reason; required.");
        var discard = CommandOptions.Flag("--discard", "Discard the messages; without it, they are sent as one digest at the end.");
        var json = OutboxCommands.JsonOption();
        var command = new Command("add", "Silence events that match all of the matchers. Of a repeated matcher, one value must match.")
        {
            project, name, severity, minSeverity, title, all, duration, until, from, by, why, discard, json,
        };
        command.SetAction((parsed, stop) => AddAsync(
            parsed.GetValue(config),
            new SilenceRequest
            {
                Project = parsed.GetValue(project),
                Event = parsed.GetValue(name),
                Severity = parsed.GetValue(severity),
                MinSeverity = parsed.GetValue(minSeverity),
                Title = parsed.GetValue(title),
                AllProjects = parsed.GetValue(all),
                From = parsed.GetValue(from),
                Until = parsed.GetValue(until),
                For = parsed.GetValue(duration),
                By = parsed.GetValue(by) ?? Environment.UserName,
                Why = parsed.GetValue(why),
                Discard = parsed.GetValue(discard),
            },
            parsed.GetValue(json),
            stop));
        return command;
    }

    private static Command BuildList(Option<string?> config)
    {
        var all = CommandOptions.Flag("--all", "List ended silences too.");
        var json = OutboxCommands.JsonOption();
        var command = new Command("list", "List the silences that have not ended.") { all, json };
        command.SetAction((parsed, stop) => OutboxAdminAccess.RunAsync(
            parsed.GetValue(config),
            async admin => await OutboxCommands.WriteAsync(
                await admin.ListSilencesAsync(parsed.GetValue(all), stop),
                parsed.GetValue(json),
                OperationsJson.Readable.IReadOnlyListSilence,
                silences =>
                {
                    Show(silences, TimeProvider.System.GetUtcNow());
                    return Task.CompletedTask;
                }),
            stop));
        return command;
    }

    private static Command BuildExpire(Option<string?> config)
    {
        var id = new Argument<long>("ID") { Description = "The silence's number, as shown by silence list." };
        var json = OutboxCommands.JsonOption();
        var command = new Command("expire", "End a silence now; the messages that it deferred are sent.") { id, json };
        command.SetAction((parsed, stop) => OutboxAdminAccess.RunAsync(
            parsed.GetValue(config),
            async admin => await WriteAsync(
                await admin.ExpireSilenceAsync(parsed.GetValue(id), stop),
                parsed.GetValue(json),
                silence => $"Silence {silence.Id} has ended; the messages that it deferred are sent."),
            stop));
        return command;
    }

    private static Task<int> AddAsync(string? configFile, SilenceRequest request, bool asJson, CancellationToken stop)
    {
        // The service checks again, with its own clock.
        if (request.Read(TimeProvider.System.GetUtcNow()).Problem is { } problem)
            return Task.FromResult(CommandErrors.ReportOption(problem));
        return OutboxAdminAccess.RunAsync(
            configFile,
            async admin => await WriteAsync(
                await admin.AddSilenceAsync(request, stop),
                asJson,
                silence => $"Silence {silence.Id} until {TimeText.Of(silence.EndsAt)}: {SilenceText.MatchersOf(silence)}."),
            stop);
    }

    private static Task<int> WriteAsync(AdminResult<Silence> result, bool asJson, Func<Silence, string> textOf) =>
        OutboxCommands.WriteAsync(result, asJson, OperationsJson.Readable.Silence, silence =>
        {
            if (Output.IsQuiet) Output.WriteLine(silence.Id.ToString());
            else Output.WriteNote(TerminalText.Line(textOf(silence)));
            return Task.CompletedTask;
        });

    private static void Show(IReadOnlyList<Silence> silences, DateTimeOffset now)
    {
        if (Output.IsQuiet)
        {
            foreach (var one in silences) Output.WriteLine(one.Id.ToString());
            return;
        }

        if (silences.Count == 0)
        {
            Output.WriteNote("No silences.");
            return;
        }

        var table = new TextTable(Titles) { Flexible = ["MATCHES", "BY", "WHY"] };
        foreach (var one in silences)
        {
            table.Add(
                one.IsActive(now) ? TerminalStyle.Doubtful : TerminalStyle.Subtle,
                one.Id.ToString(), one.EndsAt <= now ? "ended" : one.IsActive(now) ? "active" : "planned",
                TimeText.Short(one.StartsAt), TimeText.Short(one.EndsAt), SilenceText.MatchersOf(one),
                one.IsDiscarding ? "discard" : "defer",
                one.MatchCount.ToString(), one.By, one.Why);
        }

        table.Write();
    }

    private static Option<string[]> Texts(string name, string helpName, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
    };
}
