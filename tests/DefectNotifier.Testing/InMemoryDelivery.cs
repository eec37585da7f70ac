using DefectNotifier.Outbox;
using DefectNotifier.Routing;

namespace DefectNotifier.Testing;

/// <summary>A delivery of <see cref="InMemoryOutbox"/>, which guards it.</summary>
internal sealed class InMemoryDelivery(long id, NewEvent owner, PlannedDelivery plan)
{
    private readonly List<StoredAttempt> _history = [];
    private AttemptOutcome? _last;
    private int _attempts;
    private bool _mayBeRepeat;

    public long Id => id;

    public NewEvent Event => owner;

    public PlannedDelivery Plan => plan;

    public DateTimeOffset? AnnounceAt { get; set; } = plan.Fallback is null ? null : owner.ReceivedAt + plan.FallbackAfter;

    public ReadOnlyMemory<byte>? Message => _last?.Message;

    public DeliveryState State => _last?.State ?? DeliveryState.Pending;

    public void Start(DateTimeOffset at)
    {
        if (_history is [.., { EndedAt: null } open])
        {
            _history[^1] = open with { EndedAt = at, Fate = "ambiguous", Reason = "interrupted" };
            _mayBeRepeat = true;
        }

        _history.Add(new StoredAttempt(_history.Count + 1, at, EndedAt: null, Fate: null, Reason: null, Detail: null));
    }

    public void End(AttemptOutcome outcome)
    {
        if (_history is not [.., { EndedAt: null }])
            _history.Add(new StoredAttempt(_history.Count + 1, outcome.At, EndedAt: null, Fate: null, Reason: null, Detail: null));
        _history[^1] = _history[^1] with { EndedAt = outcome.At, Fate = outcome.Fate, Reason = outcome.Reason, Detail = outcome.Detail };
        _last = outcome;
        _attempts += outcome.Counts ? 1 : 0;
        _mayBeRepeat |= outcome.MayHavePosted;
    }

    public PendingDelivery ToPending() => new()
    {
        Id = id,
        EventId = owner.Id,
        Destination = plan.Destination,
        Route = plan.Route,
        TemplateSet = plan.TemplateSet,
        MaxAge = plan.MaxAge,
        Fallback = plan.Fallback,
        Attempts = _attempts,
        MayBeRepeat = _mayBeRepeat,
        FirstAttemptAt = _history is [var first, ..] ? first.StartedAt : null,
        ReceivedAt = owner.ReceivedAt,
        Source = owner.Source,
        Body = owner.Body,
        TraceParent = owner.TraceParent,
    };

    public StoredDelivery ToStored() => new(
        id,
        plan.Destination,
        State.Word(),
        _attempts,
        _last?.Reason,
        _last?.Detail,
        _last?.Reference,
        State == DeliveryState.Pending ? null : _last!.At,
        [.. _history]);
}
