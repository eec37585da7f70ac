using System.Diagnostics.CodeAnalysis;

namespace DefectNotifier.Events;

/// <summary>Either an event or the error that keeps the body from being one.</summary>
public readonly struct WebhookParseResult
{
    private WebhookParseResult(DefectEvent? defectEvent, WebhookError? error)
    {
        Event = defectEvent;
        Error = error;
    }

    public DefectEvent? Event { get; }

    public WebhookError? Error { get; }

    [MemberNotNullWhen(true, nameof(Event))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsEvent => Event is not null;

    public static implicit operator WebhookParseResult(DefectEvent defectEvent) => new(defectEvent, null);

    public static implicit operator WebhookParseResult(WebhookError error) => new(null, error);
}
