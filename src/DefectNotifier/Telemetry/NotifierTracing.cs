using System.Diagnostics;

namespace DefectNotifier.Telemetry;

/// <summary>One trace from the webhook to the chat; its context is stored with the event.</summary>
public static class NotifierTracing
{
    public const string SourceName = "DefectNotifier";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The context to store with an event; null when nobody traces.</summary>
    public static string? CurrentTraceParent => Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null;

    /// <summary>Continues the trace of the request that brought the event; null when nobody listens.</summary>
    public static Activity? StartSend(string destination, string eventId, string? traceParent)
    {
        if (!ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent)) parent = default;
        var activity = Source.StartActivity("send", ActivityKind.Producer, parent);
        activity?.SetTag("defectnotifier.destination", destination);
        activity?.SetTag("defectnotifier.event_id", eventId);
        return activity;
    }
}
