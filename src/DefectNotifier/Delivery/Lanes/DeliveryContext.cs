using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Templates;

namespace DefectNotifier.Delivery.Lanes;

/// <summary>What the steps of one delivery are planned and rendered from: read once, parsed once. Used only by its lane's loop.</summary>
/// <param name="delivery">The delivery.</param>
/// <param name="defect">What is known of its defect; null: nothing, or the event is not about a defect.</param>
/// <param name="thread">The defect's message in the destination; null: there is none, or the delivery does not share a message.</param>
/// <param name="isThreaded">True when the delivery may share a message with other events of its defect.</param>
internal sealed class DeliveryContext(PendingDelivery delivery, Defect? defect, MessageThread? thread, bool isThreaded)
{
    private WebhookParseResult? _event;
    private WebhookParseResult? _opening;

    public PendingDelivery Delivery { get; private set; } = delivery;

    public Defect? Defect { get; private set; } = defect;

    public MessageThread? Thread { get; private set; } = thread;

    public bool IsThreaded => isThreaded;

    /// <summary>The delivery's event.</summary>
    public WebhookParseResult Event => _event ??= WebhookParser.Parse(Delivery.Body, Delivery.Source);

    /// <summary>The defect's opening event, from which the defect's message is rendered.</summary>
    public WebhookParseResult Opening =>
        _opening ??= Defect!.Opening.EventId == Delivery.EventId ? Event : WebhookParser.Parse(Defect.Opening.Body, Delivery.Source);

    /// <summary>Names of team members; null: not read yet.</summary>
    public IReadOnlyDictionary<long, string>? Names { get; set; }

    /// <summary>The defect's message as it should be now, without notifications; null: not rendered yet.</summary>
    public RenderedDelivery? CurrentRoot { get; set; }

    /// <summary>Replaces the defect with its latest stored state. True when a message could show a difference.</summary>
    public bool Refresh(Defect? latest)
    {
        if (latest is null || Defect is null) return false;
        if (latest.Opening.EventId == Defect.Opening.EventId && latest.HasSameContentAs(Defect)) return false;
        if (latest.Opening.EventId != Defect.Opening.EventId) _opening = null;
        (Defect, Names, CurrentRoot) = (latest, null, null);
        return true;
    }

    /// <summary>Applies the outcome of a step, so that the delivery is the same as in the outbox.</summary>
    public void Apply(AttemptOutcome outcome)
    {
        Thread = outcome.MessageThread ?? Thread;
        Delivery = Delivery with
        {
            FirstAttemptAt = outcome.RestartsAge ? null : Delivery.FirstAttemptAt ?? outcome.At,
            MayBeRepeat = Delivery.MayBeRepeat && !outcome.IsStepDone,
            IsInDoubt = Delivery.IsInDoubt && !outcome.IsStepDone,
        };
    }
}

/// <summary>Either a message, or the reason why none could be rendered.</summary>
internal sealed record RenderedDelivery(ChatMessage? Message, SendResult? Rejection)
{
    /// <summary>The version of the configuration that it was rendered with; null: it was stored before.</summary>
    public string? Version { get; init; }

    /// <summary>
    /// For a defect's message: a digest of what it shows, without mentions and the note of a repeat. Null for other messages.
    /// </summary>
    public string? Shown { get; init; }

    /// <summary>The error of its template, instead of which another one was used; null: none.</summary>
    public RenderError? TemplateError { get; init; }
}
