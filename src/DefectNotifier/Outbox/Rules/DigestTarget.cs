using System.Buffers;
using System.Text.Json;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;

namespace DefectNotifier.Outbox.Rules;

/// <summary>The digest that deliveries are added to in one commit; created when there is none to add to.</summary>
/// <param name="transaction">The transaction.</param>
/// <param name="scope">Where and when.</param>
/// <param name="cause">Why the deliveries are combined.</param>
/// <param name="isUrgent">True for urgent ones.</param>
internal sealed class DigestTarget(IOutboxTransaction transaction, DigestScope scope, DigestCause cause, bool isUrgent)
{
    /// <summary>When a new digest is sent at the earliest.</summary>
    public required DateTimeOffset FirstDueAt { get; init; }

    /// <summary>The silence whose deliveries it contains; 0: none.</summary>
    public long SilenceId { get; init; }

    /// <summary>The digest with one more delivery.</summary>
    /// <param name="known">The digest that shows the defect already; null: none.</param>
    /// <param name="member">The delivery.</param>
    /// <param name="receivedAt">When its event was accepted.</param>
    public Digest Add(Digest? known, DeliverySchedule member, DateTimeOffset receivedAt)
    {
        var before = known ?? FindCurrent() ?? Create(receivedAt);
        var after = before with { Count = before.Count + 1, Since = receivedAt < before.Since ? receivedAt : before.Since };
        transaction.SaveDigest(after);
        MakePending(after, member);
        return after;
    }

    /// <summary>The digest that new deliveries are added to; null: a new one is created.</summary>
    public Digest? FindCurrent()
    {
        if (transaction.FindLatestDigest(scope.Destination, cause, isUrgent) is not { } latest) return null;
        if (latest.Count >= Digest.MaxDeliveries || latest.SilenceId != SilenceId || FindChangeable(latest.Id) is null) return null;
        return latest.Shown == 0 || latest.IsOpen(scope.Window, scope.At) ? latest : null;
    }

    /// <summary>
    /// The digest if more can be added to it: it is not posted yet, or can be changed. Nothing is added to a digest that was given up, or
    /// that may have been posted and is sent again unchanged.
    /// </summary>
    public Digest? FindChangeable(long? digestId)
    {
        if (digestId is not { } id || transaction.FindDigest(id) is not { Locked: null, Count: < Digest.MaxDeliveries } digest) return null;
        if (transaction.FindDelivery(id) is not { State: DeliveryState.Pending or DeliveryState.Delivered } row) return null;
        if (digest.Shown == 0) return row.MayBeRepeat ? null : digest;
        return digest.CanChange(scope.Place) ? digest : null;
    }

    private Digest Create(DateTimeOffset receivedAt)
    {
        var latest = transaction.FindLatestDigest(scope.Destination, cause, isUrgent);
        // Where messages can't be changed, a new digest is posted once in a window.
        var next = latest?.IsOpen(scope.Window, scope.At) == true ? latest.ShownAt + scope.Window : null;
        var planned = new PlannedDelivery(scope.Destination, PlannedDelivery.NoRoute, TemplateSet: null)
        {
            Kind = DeliveryKind.Digest,
            Priority = isUrgent ? DeliveryPriority.Urgent : DeliveryPriority.Normal,
        };
        var number = transaction.InsertEvent(EventOf(planned))!.Value;
        var id = transaction.InsertDelivery(
            number, planned, new DeliveryStart(DueAt: next > FirstDueAt ? next : FirstDueAt), announceAt: null);
        transaction.News.AddPending(scope.Destination, 1);
        return new Digest(id, scope.Destination, cause) { IsUrgent = isUrgent, SilenceId = SilenceId, Since = receivedAt };
    }

    // A digest that was sent is pending again. Its age and its attempts start again.
    private void MakePending(Digest digest, DeliverySchedule member)
    {
        var before = transaction.FindSchedule(digest.Id)!;
        if (transaction.FindDelivery(digest.Id) is { State: DeliveryState.Delivered } row)
        {
            transaction.UpdateDelivery(row with
            {
                State = DeliveryState.Pending,
                DoubtFrom = row.LastAttempt + 1,
                AgeFrom = row.LastAttempt + 1,
                MayBeRepeat = false,
                Reason = null,
                Detail = null,
                EndedAt = null,
            });
            transaction.News.AddPending(scope.Destination, 1);
        }

        // What it shows already does not wait any more.
        var announceAt = digest.Count == digest.Shown + 1 ? null : before.AnnounceAt;
        transaction.SaveSchedule(transaction.FindSchedule(digest.Id)! with
        {
            // Changed once in a window, although its replies may still be under way.
            DueAt = digest.ShownAt + scope.Window ?? before.DueAt,
            Fallback = before.Fallback ?? member.Fallback,
            AnnounceAt = member.AnnounceAt < announceAt || announceAt is null ? member.AnnounceAt : announceAt,
        });
    }

    private NewEvent EventOf(PlannedDelivery planned)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("event_name", OwnEvents.Digest);
            json.WriteNumber("timestamp", scope.At.ToUnixTimeSeconds());
            json.WriteStartObject("payload");
            json.WriteString("destination", scope.Destination);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        var id = EventId.New(scope.At);
        return new NewEvent
        {
            Id = id,
            DedupKey = DedupKey.OfNotice($"{OwnEvents.Digest}/{id}", scope.At),
            Source = "",
            Name = OwnEvents.Digest,
            OccurredAt = scope.At,
            ReceivedAt = scope.At,
            Body = body.WrittenMemory.ToArray(),
            Decision = new RoutingDecision([], [planned]),
        };
    }
}
