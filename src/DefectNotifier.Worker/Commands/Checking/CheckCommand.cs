using System.CommandLine;
using System.Text.Json;
using Spectre.Console;

namespace DefectNotifier.Worker.Commands.Checking;

/// <summary><c>check</c>: everything that is wrong with the settings and the templates, before it goes live.</summary>
internal static class CheckCommand
{
    public static Command Build(Option<string?> config)
    {
        var templates = new Option<string?>("--templates") { Description = "A folder of templates in place of Templates:Path.", HelpName = "DIR" };
        var json = new Option<bool>("--json") { Description = "Write one JSON object." };
        var quiet = new Option<bool>("--quiet") { Description = "Write only what was found." };
        var strict = new Option<bool>("--strict") { Description = "Take warnings for errors." };
        var online = new Option<bool>("--online") { Description = "Ask Slack about tokens, scopes and channels too, and whether every chat can be reached; nothing is sent." };
        var command = new Command("check", "Find everything that is wrong with the settings and the templates: exit code 0 when there are no errors, else 1.") { templates, json, quiet, strict, online };
        command.SetAction((parsed, stop) => RunAsync(
            new CheckOptions(parsed.GetValue(config), parsed.GetValue(templates), parsed.GetValue(online)), parsed.GetValue(json), parsed.GetValue(quiet), parsed.GetValue(strict), stop));
        return command;
    }

    private static async Task<int> RunAsync(CheckOptions options, bool asJson, bool isQuiet, bool isStrict, CancellationToken stop)
    {
        if (Missing(options) is { } missing)
        {
            await Console.Error.WriteLineAsync(TerminalText.Line(missing));
            return ExitCodes.BadArguments;
        }

        var report = await Checker.RunAsync(options, TimeProvider.System, stop);
        if (asJson) Console.WriteLine(TerminalText.Json(JsonSerializer.Serialize(report, CheckJson.Readable.CheckReport)));
        else Write(Terminal.Out, report, isQuiet);
        return report.ExitCode(isStrict);
    }

    // A slip in an argument is no finding.
    private static string? Missing(CheckOptions options) =>
        options.ConfigFile is { } file && !File.Exists(file) ? $"--config: there is no file '{file}'."
        : options.Templates is { } folder && !Directory.Exists(folder) ? $"--templates: there is no folder '{folder}'."
        : null;

    private static void Write(IAnsiConsole console, CheckReport report, bool isQuiet)
    {
        foreach (var finding in report.Findings)
        {
            var (word, style) = finding.Severity == "error" ? ("error", Color.Red) : ("warning", Color.Yellow);
            // Each part by itself: what comes from outside is never read as markup.
            console.Write(new Text(TerminalText.Line(finding.Place) + ": "));
            console.Write(new Text(word, new Style(style)));
            console.WriteLine($" {finding.Code}: {TerminalText.Line(finding.Message)}{(finding.Suggestion is { } way ? $" {TerminalText.Line(way)}" : "")}");
        }

        if (isQuiet) return;
        if (report.Findings.Count > 0) console.WriteLine();
        foreach (var note in report.Notes) console.WriteLine(TerminalText.Line(note));
        console.Write(new Text(Verdict(report), new Style(report.Errors > 0 ? Color.Red : report.Warnings > 0 ? Color.Yellow : Color.Green)));
        console.WriteLine();
    }

    private static string Verdict(CheckReport report) =>
        report.Findings.Count == 0 ? "Nothing is wrong." : $"{Count(report.Errors, "error")}, {Count(report.Warnings, "warning")}.";

    private static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}
