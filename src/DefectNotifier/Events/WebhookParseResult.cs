using System.Diagnostics.CodeAnalysis;

namespace DefectNotifier.Events;

/// <summary>Either an event or the fault that keeps the body from being one.</summary>
public readonly struct WebhookParseResult
{
    private WebhookParseResult(DefectEvent? defectEvent, WebhookFault? fault)
    {
        Event = defectEvent;
        Fault = fault;
    }

    public DefectEvent? Event { get; }

    public WebhookFault? Fault { get; }

    [MemberNotNullWhen(true, nameof(Event))]
    [MemberNotNullWhen(false, nameof(Fault))]
    public bool IsEvent => Event is not null;

    public static implicit operator WebhookParseResult(DefectEvent defectEvent) => new(defectEvent, null);

    public static implicit operator WebhookParseResult(WebhookFault fault) => new(null, fault);
}
