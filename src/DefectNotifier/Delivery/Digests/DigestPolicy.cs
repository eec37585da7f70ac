using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Delivery.Threads;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Delivery.Digests;

/// <summary>
/// Decides how a destination shows a digest: first the message in the channel, which counts every delivery in it, is posted or updated;
/// then the replies that list defects. Pure.
/// </summary>
internal static class DigestPolicy
{
    /// <summary>The next step of a digest.</summary>
    /// <param name="digest">The digest.</param>
    /// <param name="contents">A hash of what each of its messages should show now, the one in the channel first.</param>
    /// <param name="place">The destination's channel; null where messages can't be changed.</param>
    public static DeliveryStep Plan(Digest digest, IReadOnlyList<string?> contents, string? place)
    {
        if (digest.Root is not { } root) return new DeliveryStep(SendStep.RootMessage);
        if (!digest.CanChange(place)) return new DeliveryStep(null);
        if (root.Content != contents[0]) return StepOf(SendStep.Update, root.Reference, page: 0);
        if (digest.IsUnthreaded) return new DeliveryStep(null);
        for (var page = 1; page < contents.Count; page++)
        {
            if (digest.Replies.ElementAtOrDefault(page - 1) is not { } reply) return StepOf(SendStep.Reply, root.Reference, page);
            if (reply.Content != contents[page]) return StepOf(SendStep.Update, reply.Reference, page);
        }

        return new DeliveryStep(null);
    }

    /// <summary>What follows from a step.</summary>
    /// <param name="digest">The digest before the step.</param>
    /// <param name="step">What was sent.</param>
    /// <param name="result">The result of the send.</param>
    /// <param name="contents">A hash of what each of its messages should show.</param>
    /// <param name="scope">Where and when.</param>
    public static StepOutcome After(
        Digest digest, DeliveryStep step, SendResult result, IReadOnlyList<string?> contents, DigestScope scope)
    {
        // The added deliveries changed nothing that the messages show.
        if (step.Kind is not { } kind)
            return new StepOutcome(result) { Digest = digest.IsBehind ? digest with { Shown = digest.Count, ShownAt = scope.At } : null };
        var isUpdate = kind == SendStep.Update;
        // The message may or may not have been updated: update it again.
        if (isUpdate && result.Outcome == SendOutcome.Ambiguous) return new StepOutcome(result with { Outcome = SendOutcome.Retry });
        var after = result.Outcome switch
        {
            SendOutcome.Delivered => Sent(digest, step, result, contents[step.Page], scope),
            SendOutcome.NotSupported when kind == SendStep.Reply => digest with { IsUnthreaded = true },
            SendOutcome.NotSupported when isUpdate => NotUpdated(digest, step, result.Reason, contents),
            SendOutcome.Rejected when isUpdate => NotUpdated(digest, step, result.Reason, contents),
            SendOutcome.Retry when isUpdate && result.MaxAttempts is not null => NotUpdated(digest, step, result.Reason, contents),
            _ => null,
        };
        if (after is null) return new StepOutcome(result);
        var goesOn = Plan(after, contents, scope.Place).Kind is not null;
        // A refused update is not a failure of the digest: deliveries that its message does not show become pending again.
        var shown = isUpdate && result.Outcome != SendOutcome.Delivered
            ? result with { Outcome = SendOutcome.NotSupported, MaxAttempts = null }
            : result;
        return new StepOutcome(shown, GoesOn: goesOn || after.IsBehind) { Digest = after };
    }

    private static DeliveryStep StepOf(SendStep kind, string target, int page) => new(kind) { Target = target, Page = page };

    private static Digest Sent(Digest digest, DeliveryStep step, SendResult result, string? content, DigestScope scope)
    {
        // A message that was found may show less, so it is updated next.
        var message = new DigestMessage(step.Kind == SendStep.Update ? step.Target! : result.Reference ?? "",
            result.Reason == SendReason.Found ? null : content);
        if (step.Page > 0)
        {
            List<DigestMessage> replies = [.. digest.Replies];
            if (step.Kind == SendStep.Reply) replies.Add(message);
            else replies[step.Page - 1] = message;
            return digest with { Replies = replies };
        }

        return digest with { Root = message, Place = scope.Place, Shown = digest.Count, ShownAt = scope.At };
    }

    private static Digest NotUpdated(Digest digest, DeliveryStep step, SendReason reason, IReadOnlyList<string?> contents)
    {
        // A reply that a person deleted is not posted again.
        if (step.Page > 0 && reason == SendReason.MessageGone)
        {
            List<DigestMessage> replies = [.. digest.Replies];
            replies[step.Page - 1] = replies[step.Page - 1] with { Content = contents[step.Page] };
            return digest with { Replies = replies };
        }

        return digest with { Locked = reason };
    }
}
