using DefectNotifier.Delivery.Sending;
using DefectNotifier.Events;
using DefectNotifier.Outbox;
using DefectNotifier.Routing;

namespace DefectNotifier.Testing;

/// <summary>A delivery of <see cref="InMemoryOutbox"/>, which guards it.</summary>
internal sealed class InMemoryDelivery(long id, NewEvent owner, PlannedDelivery plan)
{
    private readonly List<StoredAttempt> _history = [];
    private readonly List<StoredAction> _actions = [];
    private int _attempts;
    private int _triesFrom;
    private int _ageFrom;
    private bool _mayBeRepeat;
    private bool _asRendered;
    private string? _reason;
    private string? _detail;
    private string? _reference;
    private DateTimeOffset? _endedAt;

    public long Id => id;

    public NewEvent Event => owner;

    public PlannedDelivery Plan => plan;

    public DateTimeOffset? AnnounceAt { get; set; } = plan.Fallback is null ? null : owner.ReceivedAt + plan.FallbackAfter;

    public DeliveryState State { get; private set; }

    public byte[]? Message { get; private set; }

    public bool IsBegun => _history is [.., { EndedAt: null }];

    public bool SendsOwnMessage => _history is [.., { EndedAt: null, Step: null }];

    public void Start(DateTimeOffset at, SendStep step)
    {
        CutOff(at);
        _history.Add(new StoredAttempt(_history.Count + 1, at, EndedAt: null, Outcome: null, Reason: null, Detail: null) { Step = step.Word() });
    }

    public void CutOff(DateTimeOffset at)
    {
        if (_history is not [.., { EndedAt: null } open]) return;
        _history[^1] = open with { EndedAt = at, Outcome = "ambiguous", Reason = "interrupted" };
        _mayBeRepeat |= IsPost(open);
    }

    public void Withdraw() => _history.RemoveAll(attempt => attempt.EndedAt is null);

    public void End(AttemptOutcome outcome)
    {
        if (_history is not [.., { EndedAt: null }])
            _history.Add(new StoredAttempt(_history.Count + 1, outcome.At, EndedAt: null, Outcome: null, Reason: null, Detail: null) { Step = outcome.Step.Word() });
        _history[^1] = _history[^1] with { EndedAt = outcome.At, Outcome = outcome.Outcome.Word(), Reason = outcome.Reason.Word(), Detail = outcome.Detail, Version = outcome.Version };
        (State, _reason, _detail) = (outcome.State, outcome.Reason.Word(), outcome.Detail);
        _reference = outcome.Reference ?? _reference;
        _endedAt = State == DeliveryState.Pending ? null : outcome.At;
        _attempts += outcome.Counts ? 1 : 0;
        _mayBeRepeat = !outcome.IsStepDone && (_mayBeRepeat || outcome.MayHavePosted);
        if (outcome.IsStepDone) _triesFrom = _history.Count;
        if (outcome.RestartsAge) _ageFrom = _history.Count;
        if (outcome.Message is { } message) Message = message.ToArray();
    }

    public DeliveryChange Retry(bool asRendered, DateTimeOffset at)
    {
        var before = State;
        var status = OperatorRules.Retry(before, asRendered, Message is not null);
        if (status != DeliveryChangeStatus.Done) return new DeliveryChange(status, before, plan.Destination);
        (State, _asRendered, _triesFrom, _ageFrom) = (DeliveryState.Pending, asRendered, _history.Count, _history.Count);
        (_reason, _detail, _endedAt) = (null, null, null);
        _actions.Add(new StoredAction(at, asRendered ? OperatorAction.RetryAsRendered : OperatorAction.Retry));
        return new DeliveryChange(DeliveryChangeStatus.Done, before, plan.Destination);
    }

    public DeliveryChange Discard(bool alsoPending, DateTimeOffset at)
    {
        var before = State;
        var status = OperatorRules.Discard(before, alsoPending);
        if (status != DeliveryChangeStatus.Done) return new DeliveryChange(status, before, plan.Destination);
        (State, _endedAt) = (DeliveryState.Discarded, at);
        _actions.Add(new StoredAction(at, OperatorAction.Discard));
        return new DeliveryChange(DeliveryChangeStatus.Done, before, plan.Destination);
    }

    public PendingDelivery ToPending() => new()
    {
        Id = id,
        EventId = owner.Id,
        EventName = owner.Name,
        Destination = plan.Destination,
        MessageMode = plan.MessageMode,
        Broadcast = plan.Broadcast,
        Route = plan.Route,
        TemplateSet = plan.TemplateSet,
        MaxAge = plan.MaxAge,
        Fallback = plan.Fallback,
        Attempts = _attempts,
        MayBeRepeat = _mayBeRepeat,
        FirstAttemptAt = _history.Count > _ageFrom ? _history[_ageFrom].StartedAt : null,
        DoubtfulSince = _history.Find(IsDoubt)?.StartedAt,
        IsInDoubt = _history.Skip(_triesFrom).Any(IsDoubt),
        Rendered = _asRendered && Message is { } message ? message : default(ReadOnlyMemory<byte>?),
        ReceivedAt = owner.ReceivedAt,
        Source = owner.Source,
        Body = owner.Body,
        TraceParent = owner.TraceParent,
        Defect = DefectKey.Of(owner.Source, owner.Name, owner.ProjectCode, owner.SubjectId),
    };

    private static bool IsDoubt(StoredAttempt attempt) => attempt.Outcome == "ambiguous" && IsPost(attempt);

    // An update may be made twice.
    private static bool IsPost(StoredAttempt attempt) => attempt.Step != SendSteps.Update;

    public StoredDelivery ToStored() => new(id, plan.Destination, State.Word(), _attempts, _reason, _detail, _reference, _endedAt, [.. _history])
    {
        Actions = [.. _actions],
        IsMessageKept = Message is not null,
    };

    public ListedDelivery ToListed() => new(
        id, owner.Id, owner.Name, owner.ProjectCode, owner.SubjectId, plan.Destination, State.Word(), _reason, _detail, _history.Count, _mayBeRepeat, Message is not null,
        owner.ReceivedAt, _endedAt);
}
