using System.CommandLine;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Linting;
using DefectNotifier.Worker.Terminal;
using Spectre.Console;

namespace DefectNotifier.Worker.Commands.Checking;

/// <summary><c>check</c>: finds errors in the settings and templates before they are deployed.</summary>
internal static class CheckCommand
{
    public static Command Build(Option<string?> config)
    {
        var templates = CommandOptions.Text("--templates", "DIR", "A folder of templates instead of Templates:Path.");
        var json = CommandOptions.Flag("--json", "Write one JSON object.");
        var strict = CommandOptions.Flag("--strict", "Treat warnings as errors.");
        var online = CommandOptions.Flag(
            "--online",
            "Also check Slack tokens, scopes and channels, Qase tokens, the database, and that chats can be reached. Nothing is sent.");
        var command = new Command("check", "Find all errors in the settings and templates. The exit code is 0 without errors, otherwise 1.")
        {
            templates, json, strict, online,
        };
        command.SetAction((parsed, stop) => RunAsync(
            new CheckOptions(parsed.GetValue(config), parsed.GetValue(templates), parsed.GetValue(online)),
            parsed.GetValue(json),
            parsed.GetValue(strict),
            stop));
        return command;
    }

    private static Task<int> RunAsync(CheckOptions options, bool asJson, bool isStrict, CancellationToken stop) =>
        CommandErrors.CatchAsync(async () =>
        {
            if (options.ConfigFile is { } file && !Path.Exists(file)) throw new CommandException($"--config: there is no file '{file}'.");
            CommandSettings.RequireFolder(options.Templates);
            var report = await Checker.RunAsync(options, TimeProvider.System, stop);
            if (asJson) Output.WriteJson(report, CheckJson.Readable.CheckReport);
            else Write(report);
            return report.ExitCode(isStrict);
        });

    private static void Write(CheckReport report)
    {
        foreach (var finding in report.Findings)
        {
            var (word, color) = finding.Severity == FindingSeverity.Error ? ("error", Color.Red) : ("warning", Color.Yellow);
            var suggestion = finding.Suggestion is { } text ? $" {text}" : "";
            Output.WriteLine($"{finding.Place}: {word} {finding.Code.Word()}: {finding.Message}{suggestion}", color);
        }

        if (Output.IsQuiet) return;
        if (report.Findings.Count > 0) Output.WriteLine("");
        foreach (var note in report.Notes) Output.WriteLine(note);
        Output.WriteLine(Summary(report), report.Errors > 0 ? Color.Red : report.Warnings > 0 ? Color.Yellow : Color.Green);
    }

    private static string Summary(CheckReport report) =>
        report.Findings.Count == 0 ? "No problems found." : $"{Count(report.Errors, "error")}, {Count(report.Warnings, "warning")}.";

    private static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}
