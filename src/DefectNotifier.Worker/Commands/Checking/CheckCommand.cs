using System.CommandLine;
using System.Text.Json;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Terminal;
using Spectre.Console;

namespace DefectNotifier.Worker.Commands.Checking;

/// <summary><c>check</c>: everything that is wrong with the settings and the templates, before it goes live.</summary>
internal static class CheckCommand
{
    public static Command Build(Option<string?> config)
    {
        var templates = new Option<string?>("--templates") { Description = "A folder of templates in place of Templates:Path.", HelpName = "DIR" };
        var json = new Option<bool>("--json") { Description = "Write one JSON object." };
        var strict = new Option<bool>("--strict") { Description = "Take warnings for errors." };
        var online = new Option<bool>("--online") { Description = "Ask Slack about tokens, scopes and channels and Qase about its tokens too, and whether every chat can be reached; nothing is sent." };
        var command = new Command("check", "Find everything that is wrong with the settings and the templates: exit code 0 when there are no errors, else 1.") { templates, json, strict, online };
        command.SetAction((parsed, stop) => RunAsync(
            new CheckOptions(parsed.GetValue(config), parsed.GetValue(templates), parsed.GetValue(online)), parsed.GetValue(json), parsed.GetValue(strict), stop));
        return command;
    }

    private static async Task<int> RunAsync(CheckOptions options, bool asJson, bool isStrict, CancellationToken stop)
    {
        if (Missing(options) is { } missing)
        {
            Output.WriteError(missing);
            return ExitCodes.BadArguments;
        }

        var report = await Checker.RunAsync(options, TimeProvider.System, stop);
        if (asJson) Output.WriteJson(JsonSerializer.Serialize(report, CheckJson.Readable.CheckReport));
        else Write(report);
        return report.ExitCode(isStrict);
    }

    // A slip in an argument is no finding.
    private static string? Missing(CheckOptions options) =>
        options.ConfigFile is { } file && !File.Exists(file) ? $"--config: there is no file '{file}'."
        : options.Templates is { } folder && !Directory.Exists(folder) ? $"--templates: there is no folder '{folder}'."
        : null;

    private static void Write(CheckReport report)
    {
        foreach (var finding in report.Findings)
            Output.WriteLine($"{finding.Place}: {finding.Severity} {finding.Code}: {finding.Message}{(finding.Suggestion is { } way ? $" {way}" : "")}", finding.Severity == "error" ? Color.Red : Color.Yellow);

        if (Output.IsQuiet) return;
        if (report.Findings.Count > 0) Output.WriteLine("");
        foreach (var note in report.Notes) Output.WriteLine(note);
        Output.WriteLine(Verdict(report), report.Errors > 0 ? Color.Red : report.Warnings > 0 ? Color.Yellow : Color.Green);
    }

    private static string Verdict(CheckReport report) =>
        report.Findings.Count == 0 ? "Nothing is wrong." : $"{Count(report.Errors, "error")}, {Count(report.Warnings, "warning")}.";

    private static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}
