namespace DefectNotifier.Outbox;

/// <summary>The words for <see cref="DeliveryState"/>.</summary>
public static class DeliveryStates
{
    public static string Word(this DeliveryState state) => state switch
    {
        DeliveryState.Pending => "pending",
        DeliveryState.Delivered => "delivered",
        DeliveryState.Dead => "dead",
        DeliveryState.Held => "held",
        DeliveryState.Discarded => "discarded",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, message: null),
    };

    /// <summary>The state of a word, in any case.</summary>
    public static bool TryParse(string word, out DeliveryState state)
    {
        foreach (var candidate in Enum.GetValues<DeliveryState>())
        {
            state = candidate;
            if (string.Equals(candidate.Word(), word, StringComparison.OrdinalIgnoreCase)) return true;
        }

        state = default;
        return false;
    }
}
