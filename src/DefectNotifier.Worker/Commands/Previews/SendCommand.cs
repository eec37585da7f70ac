using System.CommandLine;
using System.Text.Json;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Outbox;
using DefectNotifier.Rendering;
using DefectNotifier.Worker.Commands.Completion;

namespace DefectNotifier.Worker.Commands.Previews;

/// <summary>
/// <c>send</c>: really sends one message, marked as a test, straight to the chat: neither stored nor paced nor tried again. The exit code is 0 only when
/// the chat took it.
/// </summary>
internal sealed class SendCommand
{
    private readonly EventOptions _event = new(isRequired: true);
    private readonly TemplateOptionSet _templates = new();
    private readonly Option<string> _to = new("--to") { Description = "The destination's name in the settings.", HelpName = "DESTINATION", Required = true };
    private readonly Option<bool> _json = new("--json") { Description = "Write what came of it as JSON." };
    private readonly Option<string?> _config;

    private SendCommand(Option<string?> config)
    {
        _config = config;
        _to.CompletionSources.Add(Completions.Destinations(config));
    }

    public static Command Build(Option<string?> config)
    {
        var send = new SendCommand(config);
        var command = new Command("send", "Really send one message, marked as a test, and tell what the chat says.") { send._to, send._json };
        send._event.AddTo(command);
        send._templates.AddTo(command);
        command.SetAction((parsed, stop) => StartErrors.TellAsync(() => send.RunAsync(parsed, stop)));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var isText = !parsed.GetValue(_json) && !Terminal.IsQuiet;
        using var components = new ChatComponents(TimeProvider.System, isText ? new SandboxPrinter(Terminal.Out) : null);
        var settings = CommandSettings.Read(parsed.GetValue(_config), components);
        var preview = new Preview(settings, _templates.Folder(parsed));
        var defectEvent = await _event.ReadAsync(parsed, standard: null, stop);
        var options = settings.Destination(parsed.GetValue(_to)!);
        var destination = DestinationFactory.Create(options, components.DestinationTypes);
        var set = preview.Set(_templates.Set(parsed)) ?? preview.PlanFor(defectEvent, options)?.TemplateSet;
        var (message, errors, warnings) = preview.Render(defectEvent, _event.DefectOf(parsed, defectEvent), destination.Platform, set, isTest: true);
        TemplateErrors.Tell(errors, warnings, preview.Folder);

        var result = await SendAsync(destination, message, stop);
        if (isText) Tell(destination, result);
        else if (parsed.GetValue(_json)) Terminal.WriteJson(JsonSerializer.Serialize(ResponseOf(destination, result), PreviewJson.Readable.SendReport));
        else if (result.Reference is { } reference) Terminal.WriteLine(reference);
        return result.Outcome == SendOutcome.Delivered ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private static async Task<SendResult> SendAsync(Destination destination, ChatMessage message, CancellationToken stop)
    {
        using var late = new CancellationTokenSource(destination.Timeout, TimeProvider.System);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        try
        {
            return await destination.Sender.SendAsync(message, $"test-{Guid.NewGuid():N}", end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return stop.IsCancellationRequested
                ? new SendResult(SendOutcome.Ambiguous, SendReason.Interrupted)
                : new SendResult(SendOutcome.Ambiguous, SendReason.Timeout) { Detail = $"no response within {destination.Timeout.TotalSeconds:0.#} s" };
        }
    }

    private static void Tell(Destination destination, SendResult result)
    {
        var response = ResponseOf(destination, result);
        Terminal.WriteLine($"{response.Destination} ({MessageWriter.NameOf(destination.Platform)}): {response.Outcome}, {response.Reason}", TerminalStyle.OfState(response.Outcome));
        if (response.Detail is { } detail) Terminal.WriteLine($"  response: {detail}");
        if (response.Reference is { } reference) Terminal.WriteLine($"  the chat calls it {reference}");
        if (result.RetryAfter is { } wait) Terminal.WriteLine($"  the chat wants everybody to wait for {Spans.Words(wait)}");
        if (response.Advice is { } advice) Terminal.WriteLine($"  {advice}");
    }

    private static SendReport ResponseOf(Destination destination, SendResult result) => new(
        destination.Name,
        destination.Platform == ChatPlatform.Slack ? "slack" : "teams",
        result.Outcome.Word(),
        result.Reason.Word(),
        result.Detail,
        SendReasons.AdviceOn(result.Reason.Word()) ?? (result.Outcome == SendOutcome.Ambiguous ? "It may have been posted: look into the channel." : null),
        result.Reference,
        result.RetryAfter?.TotalSeconds);
}
