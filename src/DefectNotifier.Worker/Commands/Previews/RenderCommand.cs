using System.CommandLine;
using DefectNotifier.Rendering;
using DefectNotifier.Worker.Commands.Completion;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Previews;

/// <summary><c>render</c>: the message that an event becomes, before anybody gets it.</summary>
internal sealed class RenderCommand
{
    private static readonly string[] Platforms = ["slack", "teams"];

    private readonly EventOptions _event = new(isRequired: true);
    private readonly TemplateOptionSet _templates = new();
    private readonly Option<string?> _to = new("--to") { Description = "As this destination of the settings would get it, in the template set of the route that leads there.", HelpName = "DESTINATION" };
    private readonly Option<string?> _platform = new("--platform") { Description = "For this chat, whatever the settings say.", HelpName = "slack|teams" };
    private readonly Option<bool> _json = new("--json") { Description = "Write the body to paste into Slack's Block Kit Builder or the Adaptive Card Designer." };
    private readonly Option<string?> _config;

    private RenderCommand(Option<string?> config)
    {
        _config = config;
        _to.CompletionSources.Add(Completions.Destinations(config));
        _platform.AcceptOnlyFromAmong(Platforms);
    }

    public static Command Build(Option<string?> config)
    {
        var render = new RenderCommand(config);
        var command = new Command("render", "Show the message that an event becomes. Nothing is sent.") { render._to, render._platform, render._json };
        render._event.AddTo(command);
        render._templates.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(render._to) is null == result.GetResult(render._platform) is null) result.AddError("Name either --to or --platform.");
        });
        command.SetAction((parsed, stop) => CommandErrors.TellAsync(() => render.RunAsync(parsed, stop)));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        using var components = new ChatComponents(TimeProvider.System);
        var config = parsed.GetValue(_config);
        // Who has only templates so far wants to see them.
        var settings = parsed.GetValue(_to) is null ? CommandSettings.ReadWithErrors(config, components) : CommandSettings.Read(config, components);
        var preview = new Preview(settings, _templates.Folder(parsed));
        var defectEvent = await _event.ReadAsync(parsed, standard: null, stop);
        var set = preview.Set(_templates.Set(parsed));
        var (title, platform) = (parsed.GetValue(_platform), parsed.GetValue(_platform) == "teams" ? ChatPlatform.Teams : ChatPlatform.Slack);
        if (parsed.GetValue(_to) is { } name)
        {
            var destination = settings.Destination(name);
            var planned = preview.PlanFor(defectEvent, destination);
            if (planned is null && !Output.IsQuiet) Output.WriteWarning($"No route sends this event to {destination.Name}; the command route says why.");
            set ??= planned?.TemplateSet;
            (title, platform) = (destination.Name, DestinationFactory.Create(destination, components.DestinationTypes).Platform);
        }

        var (message, errors, warnings) = preview.Render(defectEvent, _event.DefectOf(parsed, defectEvent), platform, set, isTest: false);
        if (parsed.GetValue(_json)) Output.WriteJson(DesignerJson.Of(message));
        else Show(title!, message, errors.Count > 0 ? null : preview.FileFor(defectEvent, platform, set), preview.Folder);
        TemplateErrors.Tell(errors, warnings, preview.Folder);
        return errors.Count == 0 ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private static void Show(string title, ChatMessage message, string? file, string folder)
    {
        if (!Output.IsQuiet) MessageWriter.WriteTitle(Output.Out, title, message.Platform);
        MessageWriter.Write(Output.Out, message.Platform, message.Json);
        if (file is not null) Output.Remark(MadeBy(file, folder));
    }

    // Who has given a file a wrong name, or put it into a wrong folder, sees here that another one speaks.
    private static string MadeBy(string file, string folder) => file.StartsWith(TemplateSource.BuiltInPrefix, StringComparison.Ordinal)
        ? $"Made by the program's own {file[TemplateSource.BuiltInPrefix.Length..]}: there is none in {folder}."
        : $"Made by {Path.Combine(folder, file)}.";
}
