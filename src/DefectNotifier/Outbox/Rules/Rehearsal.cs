using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;

namespace DefectNotifier.Outbox.Rules;

/// <summary>
/// Stores an event and delivers it, by the same rules as a real one and in a transaction that the store rolls back. This detects a
/// failing store before the next webhook arrives.
/// </summary>
public static class Rehearsal
{
    /// <summary>No real destination or source can have this name.</summary>
    internal static readonly string Name = Claim.DutyPrefix + "rehearsal";

    // Without a title, so that its details are requested from Qase; with a person, so that a name is requested too.
    private static readonly ReadOnlyMemory<byte> Body =
        """{"event_name":"defect.resolved","timestamp":1,"payload":{"id":1},"project_code":"WEB","team_member_id":1}"""u8.ToArray();

    /// <param name="transaction">Is rolled back afterwards.</param>
    /// <param name="at">Now.</param>
    public static void Run(IOutboxTransaction transaction, DateTimeOffset at)
    {
        var silence = new Silence { ProjectCodes = [Name], StartsAt = at, EndsAt = at.AddHours(1), By = Name, Why = Name };
        if (SilenceRules.Add(transaction, silence, at) is { } added) SilenceRules.Expire(transaction, added.Id, at);
        AppendRules.Append(transaction, Event(at));
        AppendRules.Append(transaction, Event(at, new PlannedDelivery(Name, 0, Name) { Fallback = Name, FallbackAfter = TimeSpan.Zero }));
        AppendRules.Append(transaction, Event(at, new PlannedDelivery(Name, 0, Name) { Deferral = new Deferral(at) }));
        DigestRules.ReleaseDeferred(transaction, new DigestScope(Name, Name, TimeSpan.Zero, at));
        var lane = AttemptRules.TakeLane(transaction, Name, at);
        var deliveryId = transaction.FindFirstPending(Name)!.Value;
        AttemptRules.Start(transaction, deliveryId, at, SendStep.RootMessage);
        AttemptRules.Record(transaction, Outcome(deliveryId, lane.State, at));
        var last = transaction.FindFirstPending(Name)!.Value;
        DigestRules.Join(transaction, new DigestJoin(new DigestScope(Name, Name, TimeSpan.Zero, at), [last]) { FirstDueAt = at });
    }

    private static NewEvent Event(DateTimeOffset at, params IReadOnlyList<PlannedDelivery> deliveries)
    {
        var read = WebhookParser.Parse(Body, Name).Event!;
        var id = EventId.New(at);
        return new NewEvent
        {
            Id = id,
            DedupKey = DedupKey.OfNotice(id, at),
            Source = Name,
            Name = read.Name,
            ProjectCode = read.ProjectCode,
            SubjectId = read.SubjectId,
            TeamMemberId = read.TeamMemberId,
            ReceivedAt = at,
            Body = Body,
            DefectEvent = read,
            CanEnrich = true,
            Decision = new RoutingDecision([0], deliveries),
        };
    }

    // A delivery that has ended as a dead letter has written everything that any outcome writes.
    private static AttemptOutcome Outcome(long deliveryId, LaneState lane, DateTimeOffset at) => new()
    {
        DeliveryId = deliveryId,
        At = at,
        Outcome = SendOutcome.Rejected,
        Reason = SendReason.InvalidMessage,
        State = DeliveryState.Dead,
        MayHavePosted = false,
        Message = Body,
        MessageThread = new MessageThread(new DefectKey(Name, "WEB", 1)) { Place = Name },
        RateLimits = [new RateLimitState(Name) { Revision = 1, SavedAt = at }],
        Lane = lane,
    };
}
