using DefectNotifier.Outbox;

namespace DefectNotifier.Sqlite;

internal sealed class RecordOperation(AttemptOutcome outcome) : LaneOperation
{
    private readonly EventInsert[] _notices = [.. outcome.Notices.Select(notice => new EventInsert(notice))];

    public override bool MayWait => outcome.MayWait;

    protected override InvalidOperationException? Write(WriteSession session)
    {
        var at = outcome.At.ToColumn();
        var moved = session.MoveDelivery.Run(
            outcome.DeliveryId,
            (int)outcome.State,
            outcome.Counts ? 1 : 0,
            outcome.MayHavePosted ? 1 : 0,
            outcome.Reason.Word(),
            outcome.Detail,
            outcome.Reference,
            outcome.State == DeliveryState.Pending ? null : at,
            outcome.RestartsAge ? 1 : 0,
            outcome.IsStepDone ? 1 : 0);
        if (moved == 0) return NotPending(outcome.DeliveryId);

        // Without an open attempt nothing was sent (it could not even be begun); the history still says what happened.
        if (session.EndAttempt.Run(outcome.DeliveryId, at, outcome.Outcome.Word(), outcome.Reason.Word(), outcome.Detail, outcome.Version) == 0)
            session.InsertEndedAttempt.Run(outcome.DeliveryId, at, outcome.Outcome.Word(), outcome.Reason.Word(), outcome.Detail, outcome.Version, outcome.Step.Word());
        if (outcome.MessageThread is { } thread) Save(session, outcome.Lane.Destination, thread);
        if (outcome.Message is { } message) session.KeepMessage.Run(outcome.DeliveryId, message.ToArray());
        foreach (var withdrawn in outcome.Withdrawn) session.WithdrawAttempt.Run(withdrawn);
        foreach (var notice in _notices) notice.Execute(session);
        foreach (var rateLimiter in outcome.RateLimiters) Save(session, rateLimiter);
        if (!outcome.LaneIsUnchanged) Save(session, outcome.Lane);
        // What was sent is recorded whatever became of those behind it; one that is not pending must not be sent.
        InvalidOperationException? bug = null;
        foreach (var next in outcome.Next)
            if (!TryStartAttempt(session, next, outcome.At, outcome.NextStep)) bug ??= NotPending(next);
        return bug;
    }

    private static void Save(WriteSession session, string destination, MessageThread thread) => session.SaveThread.Run(
        thread.Defect.Id, thread.Defect.ProjectCode, thread.Defect.Source, destination, thread.Place, thread.Root, thread.PostedBy, thread.Shown,
        thread.TemplateSet, thread.Locked?.Word(), thread.IsUnthreaded ? 1 : 0, thread.IsUnbroadcast ? 1 : 0);

    private static void Save(WriteSession session, RateLimitState rateLimiter) => session.SaveRateLimit.Run(
        rateLimiter.Key, rateLimiter.Revision, rateLimiter.SavedAt.ToColumn(), rateLimiter.Hold.ToColumn(), rateLimiter.Deficit.ToColumn(), rateLimiter.Slowness, rateLimiter.SinceSlowed.ToColumn());
}
