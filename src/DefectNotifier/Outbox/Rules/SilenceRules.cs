namespace DefectNotifier.Outbox.Rules;

/// <summary>What silences defer.</summary>
public static class SilenceRules
{
    /// <summary>When a silence ends; long ago for 0, which is no silence, and for one that is no longer stored.</summary>
    internal static DateTimeOffset EndOf(IOutboxTransaction transaction, long silenceId)
    {
        _ = (transaction, silenceId);
        return DateTimeOffset.MinValue;
    }

    /// <summary>True when another silence defers a delivery whose own one has ended; it then belongs to that one.</summary>
    internal static bool IsDeferredAgain(IOutboxTransaction transaction, long deliveryId, DateTimeOffset at)
    {
        _ = (transaction, deliveryId, at);
        return false;
    }
}
