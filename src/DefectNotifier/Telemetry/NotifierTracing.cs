using System.Diagnostics;

namespace DefectNotifier.Telemetry;

/// <summary>One trace from the webhook to the chat. Its context is stored with the event.</summary>
public static class NotifierTracing
{
    public const string SourceName = "DefectNotifier";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The trace context to store with an event; null when tracing is off.</summary>
    public static string? CurrentTraceParent => Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null;

    /// <summary>Starts the span of a send in the trace of the webhook's request; null when tracing is off.</summary>
    public static Activity? StartSend(string destination, string eventId, string? traceParent)
    {
        if (!ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent)) parent = default;
        var activity = Source.StartActivity("send", ActivityKind.Producer, parent);
        activity?.SetTag("defectnotifier.destination", destination);
        activity?.SetTag("defectnotifier.event_id", eventId);
        return activity;
    }
}
