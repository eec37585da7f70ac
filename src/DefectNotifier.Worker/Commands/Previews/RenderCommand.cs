using System.CommandLine;
using System.CommandLine.Parsing;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Worker.Commands.Completion;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Hosting;
using DefectNotifier.Worker.Reloading;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Previews;

/// <summary><c>render</c>: shows the message for an event without sending it.</summary>
internal sealed class RenderCommand
{
    private const int MaxDigest = Digest.MaxDeliveries;

    private readonly EventOptions _event = new(isRequired: false);
    private readonly TemplateOptionSet _templates = new();

    private readonly Option<string?> _to = CommandOptions.Text(
        "--to", "DESTINATION", "Render for this destination, with the template set of the route that leads to it.");

    private readonly Option<string?> _platform =
        CommandOptions.Text("--platform", "slack|teams", "Render for this platform; needs no settings.");

    private readonly Option<string?> _digest =
        CommandOptions.Text("--digest", "N", $"Render the digest of N sample events, at most {MaxDigest}.");

    private readonly Option<bool> _reply = CommandOptions.Flag(
        "--reply", "Render the reply in the thread of the defect's message, or the first reply of a digest; only Slack has threads.");

    private readonly Option<string?> _then = CommandOptions.Text(
        "--then", "NAME", "Render the message of --event as it is after this later event: a sample such as defect.resolved.");

    private readonly Option<bool> _json =
        CommandOptions.Flag("--json", "Write the JSON for Slack's Block Kit Builder or the Adaptive Card Designer.");

    private readonly Option<string?> _config;

    private RenderCommand(Option<string?> config)
    {
        _config = config;
        _to.CompletionSources.Add(Completions.Destinations(config));
        _then.AcceptOnlyFromAmong([.. SampleEvents.Names.Skip(1)]);
        _platform.AcceptOnlyFromAmong([.. ChatPlatforms.Words]);
    }

    public static Command Build(Option<string?> config)
    {
        var render = new RenderCommand(config);
        var command = new Command("render", "Show the message for an event. Nothing is sent.")
        {
            render._digest, render._to, render._platform, render._then, render._reply, render._json,
        };
        render._event.AddTo(command);
        render._templates.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(render._to) is null == result.GetResult(render._platform) is null)
                result.AddError("Pass either --to or --platform.");
            render.CheckSource(result);
        });
        command.SetAction((parsed, stop) => CommandErrors.CatchAsync(() => render.RunAsync(parsed, stop)));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        using var components = new ChatComponents(TimeProvider.System);
        var config = parsed.GetValue(_config);
        // --platform works without valid settings: templates are often written first.
        var settings = parsed.GetValue(_to) is null
            ? CommandSettings.ReadWithErrors(config, components)
            : CommandSettings.Read(config, components);
        var preview = new Preview(settings, _templates.Folder(parsed));
        var digestOf = DigestOf(parsed.GetValue(_digest));
        var defectEvent = digestOf is null ? await _event.ReadAsync(parsed, defaultSample: null, stop) : SampleDigest.Event;
        var set = preview.Set(_templates.Set(parsed));
        var title = parsed.GetValue(_platform);
        var platform = ChatPlatforms.Parse(title) ?? ChatPlatform.Slack;
        if (parsed.GetValue(_to) is { } name)
        {
            var destination = settings.Destination(name);
            if (digestOf is null)
            {
                var planned = preview.PlanFor(defectEvent, _event.DefectOf(parsed, defectEvent), destination);
                if (planned is null && !Output.IsQuiet)
                    Output.WriteWarning($"No route sends this event to {destination.Name}; run route to see why.");
                set ??= planned?.TemplateSet;
            }

            (title, platform) = (destination.Name, DestinationFactory.Create(destination, components.DestinationTypes).Platform);
        }

        var isReply = parsed.GetValue(_reply);
        if (isReply && platform != ChatPlatform.Slack) throw new CommandException("--reply: only Slack has threads.");
        var digest = digestOf is { } count ? SampleDigest.Of(count, defectEvent.OccurredAt!.Value) : null;
        if (isReply && digest is { Replies: 0 })
            throw new CommandException($"--reply: the message of a digest of {digestOf} lists all defects, so it has no replies.");
        var (message, errors, warnings) = preview.Render(new RenderRequest
        {
            Event = defectEvent,
            Defect = parsed.GetValue(_then) is { } later
                ? SampleEvents.DefectAfter(defectEvent, later)
                : _event.DefectOf(parsed, defectEvent),
            Digest = digest,
            DigestPage = isReply && digest is not null ? 1 : 0,
            ReceivedAt = digest?.Since ?? TimeProvider.System.GetUtcNow(),
            Platform = platform,
            TemplateSet = set,
            IsReply = isReply,
        });
        if (parsed.GetValue(_json)) Output.WriteJson(DesignerJson.Of(message));
        else Show(title!, message, errors.Count > 0 ? null : preview.FileFor(defectEvent, platform, set), preview.Folder);
        preview.Report(errors, warnings);
        return errors.Count == 0 ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private void CheckSource(CommandResult result)
    {
        if (result.GetResult(_event.Event) is null == result.GetResult(_digest) is null)
            result.AddError("Pass either --event or --digest.");
        if (result.GetResult(_digest) is null) return;
        if (DigestOf(result.GetValue(_digest)) is null) result.AddError($"--digest: expected a number from 1 to {MaxDigest}.");
        foreach (var option in (Option[])[_then, .. _event.Changes])
            if (result.GetResult(option) is not null) result.AddError($"{option.Name}: a digest is not about one defect.");
    }

    private static int? DigestOf(string? text) => int.TryParse(text, out var count) && count is > 0 and <= MaxDigest ? count : null;

    private static void Show(string title, ChatMessage message, string? file, string folder)
    {
        if (!Output.IsQuiet) MessageWriter.WriteTitle(Output.Out, title, message.Platform);
        MessageWriter.Write(Output.Out, message.Platform, message.Json);
        if (file is not null) Output.WriteNote(RenderedWith(file, folder));
    }

    // Shows the author of a template with a wrong name or folder that another template is used.
    private static string RenderedWith(string file, string folder) => file.StartsWith(
        TemplateSource.BuiltInPrefix, StringComparison.Ordinal)
        ? $"Rendered with the built-in template {file[TemplateSource.BuiltInPrefix.Length..]}: there is no such file in {folder}."
        : $"Rendered with {Path.Combine(folder, file)}.";
}
