using System.CommandLine;
using DefectNotifier.Worker.Commands;
using DefectNotifier.Worker.Commands.Checking;
using DefectNotifier.Worker.Commands.Replaying;

var config = new Option<string?>("--config")
{
    Description = $"The settings file; default {DefectNotifier.Worker.Settings.SettingsSources.DefaultFile} in the current folder, when there is one.",
    HelpName = "FILE",
    Recursive = true,
};
var once = new Option<bool>("--once") { Description = "Stop after the messages have been shown." };

var serve = new Command("serve", "Receive webhooks and tell the chats (the default).");
serve.SetAction((parsed, stop) => ServeCommand.RunAsync(parsed.GetValue(config), stop));
var demo = new Command("demo", "Show what it does, on this machine alone: no settings, no chat, nothing kept.") { once };
demo.SetAction((parsed, stop) => DemoCommand.RunAsync(parsed.GetValue(once), stop));
var healthcheck = new Command("healthcheck", "Ask the running service whether it lives; exit code 0 when it does.");
healthcheck.SetAction((parsed, stop) => HealthcheckCommand.RunAsync(parsed.GetValue(config), stop));

var outbox = OutboxCommands.Build(config);

var root = new RootCommand("DefectNotifier tells Slack and Microsoft Teams channels about defects in Qase.") { config, serve, demo, healthcheck, CheckCommand.Build(config), ReplayCommand.Build(config), outbox };
root.SetAction((parsed, stop) => ServeCommand.RunAsync(parsed.GetValue(config), stop));

var arguments = root.Parse(args);
var exitCode = await arguments.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
return arguments.Errors.Count > 0 ? ExitCodes.BadArguments : exitCode;
