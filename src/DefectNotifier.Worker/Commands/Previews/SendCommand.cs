using System.CommandLine;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Events;
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

/// <summary>
/// <c>send</c>: sends one message, marked as a test, directly to the chat: it is not stored, not rate-limited and not retried. The exit
/// code is 0 only when the chat accepted the message.
/// </summary>
internal sealed class SendCommand
{
    private readonly EventOptions _event = new(isRequired: true);
    private readonly TemplateOptionSet _templates = new();
    private readonly Option<string> _to = new("--to")
    {
        Description = "The destination's name in the settings.",
        HelpName = "DESTINATION",
        Required = true,
    };
    private readonly Option<bool> _json = CommandOptions.Flag("--json", "Write the outcome as JSON.");
    private readonly Option<string?> _config;

    private SendCommand(Option<string?> config)
    {
        _config = config;
        _to.CompletionSources.Add(Completions.Destinations(config));
    }

    public static Command Build(Option<string?> config)
    {
        var send = new SendCommand(config);
        var command = new Command("send", "Send one message, marked as a test, and show the chat's response.") { send._to, send._json };
        send._event.AddTo(command);
        send._templates.AddTo(command);
        command.SetAction((parsed, stop) => CommandErrors.CatchAsync(() => send.RunAsync(parsed, stop)));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var isText = !parsed.GetValue(_json) && !Output.IsQuiet;
        using var components = new ChatComponents(TimeProvider.System, isText ? new SandboxPrinter(Output.Out) : null);
        var settings = CommandSettings.Read(parsed.GetValue(_config), components);
        var preview = new Preview(settings, _templates.Folder(parsed));
        var defectEvent = await _event.ReadAsync(parsed, defaultSample: null, stop);
        var options = settings.Destination(parsed.GetValue(_to)!);
        var destination = DestinationFactory.Create(options, components.DestinationTypes);
        var defect = _event.DefectOf(parsed, defectEvent);
        var set = preview.Set(_templates.Set(parsed)) ?? preview.PlanFor(defectEvent, defect, options)?.TemplateSet;
        var report = await SendAsync(preview, destination, defectEvent, defect, set, stop);
        if (isText) Show(destination, report);
        else if (parsed.GetValue(_json)) Output.WriteJson(report, PreviewJson.Readable.SendReport);
        else if (report.Reference is { } reference) Output.WriteLine(reference);
        return report.Outcome == SendOutcome.Delivered ? ExitCodes.Ok : ExitCodes.Failed;
    }

    /// <summary>Sends the sample of a new defect, marked as a test, and shows the chat's response.</summary>
    /// <returns>True when the chat accepted it.</returns>
    public static async Task<bool> SendSampleAsync(string configFile, string? templates, string to, CancellationToken stop)
    {
        using var components = new ChatComponents(TimeProvider.System, Output.IsQuiet ? null : new SandboxPrinter(Output.Out));
        var settings = CommandSettings.Read(configFile, components, templates);
        var preview = new Preview(settings, templates: null);
        var destination = DestinationFactory.Create(settings.Destination(to), components.DestinationTypes);
        var sample = WebhookParser.Parse(SampleEvents.TryRead(SampleEvents.Names[0])!, source: "").Event!;
        var report = await SendAsync(preview, destination, sample, defect: null, templateSet: null, stop);
        if (!Output.IsQuiet) Show(destination, report);
        return report.Outcome == SendOutcome.Delivered;
    }

    private static async Task<SendReport> SendAsync(
        Preview preview, Destination destination, DefectEvent defectEvent, Defect? defect, string? templateSet, CancellationToken stop)
    {
        var (message, errors, warnings) = preview.Render(new RenderRequest
        {
            Event = defectEvent,
            Defect = defect,
            ReceivedAt = TimeProvider.System.GetUtcNow(),
            Platform = destination.Platform,
            TemplateSet = templateSet,
            IsTest = true,
        });
        preview.Report(errors, warnings);
        return ReportOf(destination, await SendAsync(destination, message, stop));
    }

    private static async Task<SendResult> SendAsync(Destination destination, ChatMessage message, CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(destination.Timeout, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stop);
        try
        {
            return await destination.Sender.SendAsync(message, $"test-{Guid.NewGuid():N}", either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            return stop.IsCancellationRequested
                ? new SendResult(SendOutcome.Ambiguous, SendReason.Interrupted)
                : new SendResult(SendOutcome.Ambiguous, SendReason.Timeout)
                {
                    Detail = $"no response within {destination.Timeout.TotalSeconds:0.#} s",
                };
        }
    }

    private static void Show(Destination destination, SendReport report)
    {
        Output.WriteLine(
            $"{report.Destination} ({destination.Platform.Title()}): {Describe(report.Outcome, report.Reason.Word())}",
            TerminalStyle.OfOutcome(report.Outcome));
        if (report.Detail is { } detail) Output.WriteLine($"  response: {detail}");
        if (report.Reference is { } reference) Output.WriteLine($"  message id: {reference}");
        if (report.RetryAfterSeconds is { } seconds)
            Output.WriteLine($"  the chat asks all senders to wait for {TimeText.Of(TimeSpan.FromSeconds(seconds))}");
        if (report.Advice is { } advice) Output.WriteLine($"  {advice}");
    }

    // What happened, and what the service would do with a message of an event.
    private static string Describe(SendOutcome outcome, string reason) => outcome switch
    {
        SendOutcome.Delivered => "delivered",
        SendOutcome.Rejected => $"not delivered ({reason}). The service would give such a message up, as a dead letter.",
        SendOutcome.Parked => $"not delivered ({reason}). The service would park the destination and keep its messages until it is fixed.",
        SendOutcome.Wait => $"not delivered ({reason}). The service would send the message after that wait.",
        SendOutcome.Ambiguous => $"perhaps delivered ({reason}). The service would look the message up, repeat it or hold it for review.",
        _ => $"not delivered ({reason}). The service would try again.",
    };

    private static SendReport ReportOf(Destination destination, SendResult result) => new(
        destination.Name,
        destination.Platform.Word(),
        result.Outcome,
        result.Reason,
        result.Detail,
        SendReasons.AdviceOn(result.Reason)
            ?? (result.Outcome == SendOutcome.Ambiguous ? "The message may have been posted: check the channel." : null),
        result.Reference,
        result.RetryAfter?.TotalSeconds);
}
